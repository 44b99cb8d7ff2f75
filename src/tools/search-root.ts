import { lstat } from 'node:fs/promises';
import { basename, dirname, relative, sep } from 'node:path';
import { FileError } from './file-error.js';
import { missingFile } from './missing-file.js';
import { existingPath } from './resolve-path.js';
import { shownName } from './shown-name.js';

export interface SearchRoot {
  /** Absolute real path of the folder to search, or of the folder of the one file to search. */
  readonly directory: string;
  /** The name of that one file. */
  readonly file: string | undefined;
  /** A path found below `directory`, as bytes, as the model reads it. */
  show(path: Buffer): string;
}

/** Where a search starts; throws `FileError` for what is neither a folder nor a regular file. */
export async function searchRoot(path: string | undefined, cwd: string): Promise<SearchRoot> {
  const given = path === undefined || path === '' ? '.' : path;
  const real = await existingPath(given, cwd).catch(async (error: unknown) => {
    throw error instanceof FileError && error.problem === 'missing' ? await missingFile(given, cwd) : error;
  });
  const stats = await lstat(real);
  if (!stats.isDirectory() && !stats.isFile()) {
    throw new FileError('special', `${given} is neither a folder nor a regular file.`);
  }
  const directory = stats.isDirectory() ? real : dirname(real);
  const prefix = Buffer.from(shownPrefix(directory, await existingPath('.', cwd)));
  return {
    directory,
    file: stats.isDirectory() ? undefined : basename(real),
    show: (found) => shownName(Buffer.concat([prefix, found])),
  };
}

function shownPrefix(directory: string, cwd: string): string {
  const path = relative(cwd, directory);
  if (path === '') return '';
  const outside = path === '..' || path.startsWith(`..${sep}`);
  return outside ? `${directory === sep ? '' : directory}${sep}` : `${path}${sep}`;
}
