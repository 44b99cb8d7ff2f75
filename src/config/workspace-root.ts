import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { ConfigError } from '../core/errors.js';
import { isHeldName } from '../core/held-name.js';

/** The real path of a folder that must exist. Throws `ConfigError`. */
export function realDirectory(directory: string): string {
  try {
    const real = realpathSync.native(directory);
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    throw new ConfigError(`${directory} cannot be opened: ${(error as Error).message}`, {
      advice: 'Start Victor in a folder that exists and that you may read.',
      cause: error,
    });
  }
  throw new ConfigError(`${directory} is not a folder`, { advice: 'Start Victor in a folder.' });
}

/** The root of the git repository around `cwd` (a real path), else `cwd` itself. */
export function findWorkspaceRoot(cwd: string): string {
  for (const directory of ancestors(cwd)) {
    const path = join(directory, '.git');
    const marker = lstat(path);
    if (marker && !isHeldName(path, marker) && isTheirs(marker, cwd)) return directory;
  }
  return cwd;
}

/** `directory` and the folders above it, nearest first, up to `root` (the file system's root when absent). */
export function ancestors(directory: string, root?: string): string[] {
  const list = [directory];
  for (let current = directory; current !== root && dirname(current) !== current; ) {
    current = dirname(current);
    list.push(current);
  }
  return list;
}

/** Whether an absolute path is `root` or lies below it. Both must be real paths. */
export function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return (
    way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith('../') && !way.startsWith('..\\'))
  );
}

/** A repository that a stranger made around our folder, say in /tmp, does not make the folder theirs. */
function isTheirs(marker: Stats, cwd: string): boolean {
  const user = process.getuid?.();
  return user === undefined || marker.uid === user || marker.uid === statSync(cwd).uid;
}

function lstat(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
