import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { ToolContext } from '../core/tool.js';
import { errnoOf, FileError, fileError } from './file-error.js';

/** Where the paths of a call start, and where they led when it was decided. */
export type Place = Pick<ToolContext, 'cwd' | 'leadsTo'>;

/** A path of a tool call as an absolute one. `~` and `$HOME` are ordinary names here; NUL is refused. */
export function absolutePath(path: string, cwd: string): string {
  if (path.includes('\0')) {
    throw new FileError('path', 'The path contains a NUL character.', {
      advice: 'Send the path without it.',
    });
  }
  return resolve(cwd, path);
}

/** The real path of something that exists. */
export async function existingPath(path: string, place: Place): Promise<string> {
  const absolute = absolutePath(path, place.cwd);
  try {
    return asDecided(await realpath(absolute), place, path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw fileError(error, 'open', path);
    throw new FileError('missing', `${path} does not exist.`, { errno: 'ENOENT', cause: error });
  }
}

/**
 * Where a write to `path` would land: its real path when it exists, else the real path of the nearest existing
 * folder with the missing parts added. A link to nothing is refused, because the file would appear elsewhere.
 */
export async function writablePath(
  path: string,
  place: Place,
): Promise<{ realPath: string; exists: boolean }> {
  let existing = absolutePath(path, place.cwd);
  const missing: string[] = [];
  for (;;) {
    try {
      const real = await realpath(existing);
      const realPath = asDecided(join(real, ...missing), place, path);
      return { realPath, exists: missing.length === 0 };
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw fileError(error, 'write', path);
      if (await isLink(existing)) {
        throw new FileError(
          'link',
          `${path} goes through a symbolic link to something that does not exist.`,
          {
            advice: 'Write to the real path instead.',
            cause: error,
          },
        );
      }
      missing.unshift(basename(existing));
      existing = dirname(existing);
    }
  }
}

/** Between the decision and now somebody may have put a link in the way. */
function asDecided(realPath: string, { leadsTo }: Place, shown: string): string {
  if (!leadsTo || leadsTo.includes(realPath)) return realPath;
  throw new FileError('changed', `${shown} leads to another place than when it was decided.`, {
    advice: 'Try again; if it stays, tell the user that something replaces files here.',
  });
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}

/** A path as the model and the user read it: relative to `cwd` inside it, absolute outside. */
export function shownPath(absolute: string, cwd: string): string {
  const path = relative(cwd, absolute);
  if (path === '') return '.';
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path) ? absolute : path;
}
