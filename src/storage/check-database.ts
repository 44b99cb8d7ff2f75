import { readRecord } from './read-record.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { StorageFailure } from './storage-failure.js';

/**
 * Reads every page of the database, which takes seconds for a large one, and writes its version number again. Rejects
 * with a `StorageFailure` when a page is damaged or nothing can be written.
 */
export async function checkDatabase(connection: SqliteConnection): Promise<string> {
  const { file } = connection;
  const found = await connection.read(() => String(connection.pragma('quick_check(1)')));
  if (found !== 'ok') throw new StorageFailure('corrupt', file, { cause: new Error(found) });
  await connection.write(() => {
    connection.execute(`PRAGMA user_version = ${Number(connection.pragma('user_version'))}`);
  });
  return `${file}, intact and writable`;
}

export interface DatabaseCounts {
  readonly schema: number;
  readonly sessions: number;
  readonly messages: number;
  /** Entries of logs whose text is not what was written. */
  readonly unreadable: number;
}

/** Reads every entry. */
export function countRows(connection: SqliteConnection): Promise<DatabaseCounts> {
  const { prepare } = connection;
  return connection.read(() => {
    let messages = 0;
    let unreadable = 0;
    for (const payload of prepare<[], string>('SELECT payload FROM log').pluck().iterate()) {
      const record = readRecord(payload as string);
      if (!record) unreadable += 1;
      else if (record.type === 'message') messages += 1;
    }
    const sessions = Number(prepare('SELECT count(*) FROM sessions').pluck().get());
    return { schema: Number(connection.pragma('user_version')), sessions, messages, unreadable };
  });
}
