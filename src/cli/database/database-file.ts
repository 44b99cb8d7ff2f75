import { existsSync, statSync } from 'node:fs';
import { victorPaths } from '../../config/paths.js';
import { ConfigError } from '../../core/errors.js';
import { openSqliteStore, type SqliteStore } from '../../storage/sqlite-store.js';
import { type CommandLine, notice } from '../command-line.js';

export interface JsonOption {
  readonly json?: true;
}

export function databaseFile({ environment }: CommandLine): string {
  return victorPaths(environment).databaseFile;
}

/** Opens the file itself, with nothing that would serve in its place, and closes it. Throws `ConfigError` when there is none. */
export async function withDatabaseFile<T>(
  cli: CommandLine,
  use: (store: SqliteStore, file: string) => Promise<T>,
): Promise<T> {
  const file = databaseFile(cli);
  if (!existsSync(file)) {
    throw new ConfigError(`there is no session database at ${file} yet`, {
      advice: 'victor ask "…" or victor chat makes it.',
    });
  }
  const onNotice = (text: string) => notice(cli, text);
  const store = await openSqliteStore({ file, onNotice });
  try {
    for (const text of store.notices) onNotice(text);
    return await use(store, file);
  } finally {
    await store.close();
  }
}

/** Bytes of a file; 0 where there is none. */
export function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** With one decimal from a megabyte on, in powers of 1,000 as `ls` and disks count. */
export function readableBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${Math.ceil(bytes / 1e3)} kB`;
}
