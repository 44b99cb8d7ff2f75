import { type FileHandle, lstat, realpath } from 'node:fs/promises';
import { basename, dirname, relative, sep } from 'node:path';
import { FileError, fileError } from './file-error.js';
import { missingFile } from './missing-file.js';
import { openFolder, openRegularFile, pinnedPath } from './open-file.js';
import { existingPath, type Place } from './resolve-path.js';
import { shownName } from './shown-name.js';

export interface SearchRoot {
  /** Absolute real path of the folder to search, or of the folder of the one file to search. */
  readonly directory: string;
  /** The name of that one file. */
  readonly file: string | undefined;
  /** That file or else the folder, through what is open: nobody can lead it elsewhere during the search. */
  readonly pinned: string;
  /** A path found below `directory`, as bytes, as the model reads it. */
  show(path: Buffer): string;
}

/**
 * Runs a search where it starts, which stays open until the search is over. Throws `FileError` for what is neither a
 * folder nor a regular file.
 */
export async function withSearchRoot<Result>(
  path: string | undefined,
  place: Place,
  search: (root: SearchRoot) => Promise<Result>,
): Promise<Result> {
  const given = path === undefined || path === '' ? '.' : path;
  const real = await existingPath(given, place).catch(async (error: unknown) => {
    const missing = error instanceof FileError && error.problem === 'missing';
    throw missing ? await missingFile(given, place.cwd) : error;
  });
  const { handle, isFolder } = await openRoot(real, given);
  try {
    const directory = isFolder ? real : dirname(real);
    const prefix = Buffer.from(shownPrefix(directory, await realpath(place.cwd)));
    return await search({
      directory,
      file: isFolder ? undefined : basename(real),
      pinned: await pinnedPath(handle, real),
      show: (found) => shownName(Buffer.concat([prefix, found])),
    });
  } finally {
    await handle.close();
  }
}

async function openRoot(real: string, shown: string): Promise<{ handle: FileHandle; isFolder: boolean }> {
  try {
    const stats = await lstat(real);
    if (stats.isDirectory()) return { handle: await openFolder(real, shown), isFolder: true };
    if (stats.isFile()) return { handle: (await openRegularFile(real, shown)).handle, isFolder: false };
  } catch (error) {
    throw fileError(error, 'open', shown);
  }
  throw new FileError('special', `${shown} is neither a folder nor a regular file.`);
}

function shownPrefix(directory: string, cwd: string): string {
  const path = relative(cwd, directory);
  if (path === '') return '';
  const outside = path === '..' || path.startsWith(`..${sep}`);
  return outside ? `${directory === sep ? '' : directory}${sep}` : `${path}${sep}`;
}
