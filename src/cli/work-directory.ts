import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '../core/errors.js';

/**
 * The real path of the directory to work in: the flag's, else the process's own. Throws ConfigError when it cannot be
 * used; `advice` says where another one is named.
 */
export function workDirectory(
  flag: string | undefined,
  advice = 'Change to a directory that you can read, or name one with --cwd.',
): string {
  const unusable = (directory: string, why: string, cause?: unknown) =>
    new ConfigError(`${directory} ${why}`, { advice, cause });
  const directory =
    flag === undefined ? currentDirectory(unusable) : resolve(currentDirectory(unusable), flag);
  try {
    if (!statSync(directory).isDirectory()) throw unusable(directory, 'is a file, not a directory');
    accessSync(directory, constants.R_OK | constants.X_OK);
    return realpathSync(directory);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'does not exist' : code === 'EACCES' ? 'may not be read' : `fails: ${code}`;
    throw unusable(directory, why, error);
  }
}

function currentDirectory(unusable: (directory: string, why: string, cause: unknown) => ConfigError): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw unusable('the current directory', 'is gone', cause);
  }
}
