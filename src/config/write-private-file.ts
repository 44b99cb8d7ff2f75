import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '../core/errors.js';
import { makeFolders } from '../make-folders.js';

/**
 * Writes a file that only the user may read (0600, its folder 0700 when it is new), all or nothing: after a crash it
 * has the old or the new content. A symbolic link stays one. Throws `ConfigError` when it cannot be written.
 */
export function writePrivateFile(file: string, text: string): void {
  try {
    makeFolders(dirname(file), 0o700);
    const target = realOrSame(file);
    const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
    try {
      write(temporary, text);
      renameSync(temporary, target);
    } finally {
      rmSync(temporary, { force: true });
    }
    syncFolder(dirname(target));
  } catch (error) {
    throw new ConfigError(`${file} cannot be written: ${(error as Error).message}`, {
      advice: 'Check the permissions of that folder and the space on its disk.',
      file,
      cause: error,
    });
  }
}

function write(file: string, text: string): void {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncFolder(directory: string): void {
  const descriptor = openSync(directory, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function realOrSame(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    return file;
  }
}
