import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '../../core/errors.js';
import { nameBeside } from '../../storage/name-beside.js';
import type { SqliteConnection } from '../../storage/sqlite-connection.js';
import { codeOf, storageFailure } from '../../storage/storage-failure.js';
import { type CommandLine, notice } from '../command-line.js';
import { formatJson } from '../format-json.js';
import { bytesOf, type JsonOption, readableBytes, withDatabaseFile } from './database-file.js';

/** Copies the database into one new file, which is whole as soon as it has its name. */
export async function backUpDatabase(
  given: string | undefined,
  options: JsonOption,
  cli: CommandLine,
): Promise<void> {
  const path = await withDatabaseFile(cli, async ({ connection }, file) => {
    const target = given === undefined ? nameBeside(file, 'backup') : resolve(given);
    await copy(connection, target);
    return target;
  });
  const bytes = bytesOf(path);
  if (options.json) return cli.stdout.write(formatJson({ path, bytes }));
  cli.stdout.write(`${path}\n`);
  notice(cli, `copied ${readableBytes(bytes)}; put in the place of the database it is your history again.`);
}

async function copy(connection: SqliteConnection, target: string): Promise<void> {
  if (existsSync(target)) throw unusable(target, 'exists already');
  const partial = `${target}.partial`;
  try {
    closeSync(openSync(partial, 'wx', 0o600));
  } catch (cause) {
    throw unusable(target, `cannot be made (${codeOf(cause)})`, cause);
  }
  try {
    await connection.copyTo(partial);
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw storageFailure(error, target);
  }
}

function unusable(target: string, why: string, cause?: unknown): ConfigError {
  return new ConfigError(`${target} ${why}`, { advice: 'Name another file.', cause });
}
