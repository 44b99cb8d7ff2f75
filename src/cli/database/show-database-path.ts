import { existsSync } from 'node:fs';
import type { CommandLine } from '../command-line.js';
import { formatJson } from '../format-json.js';
import { bytesOf, databaseFile, type JsonOption } from './database-file.js';

/** Prints where the database is, or would be; opens nothing. */
export function showDatabasePath(options: JsonOption, cli: CommandLine): void {
  const path = databaseFile(cli);
  const { stdout } = cli;
  const sizes = { bytes: bytesOf(path), log_bytes: bytesOf(`${path}-wal`) };
  const report = formatJson({ path, exists: existsSync(path), ...sizes });
  stdout.write(options.json ? report : `${path}\n`);
}
