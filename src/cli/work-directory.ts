import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '../core/errors.js';

/** The real path of the directory to work in: the flag's, else the process's own. Throws ConfigError when it cannot be used. */
export function workDirectory(flag: string | undefined): string {
  const directory = flag === undefined ? currentDirectory() : resolve(currentDirectory(), flag);
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

function currentDirectory(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw unusable('the current directory', 'is gone', cause);
  }
}

function unusable(directory: string, why: string, cause?: unknown): ConfigError {
  return new ConfigError(`${directory} ${why}`, {
    advice: 'Change to a directory that you can read, or name one with --cwd.',
    cause,
  });
}
