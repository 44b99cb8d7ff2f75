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
