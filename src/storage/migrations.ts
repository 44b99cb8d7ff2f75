import { applicationId, schemaVersion1 } from './schema.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { StorageFailure } from './storage-failure.js';

/** One step from the version before to `version`. A released migration never changes again. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** In order, numbered from 1 without gaps. */
export const migrations: readonly Migration[] = [{ version: 1, sql: schemaVersion1 }];

/**
 * Brings the schema up to date. Each step and its number are written in one exclusive transaction, so that a crash
 * leaves the old schema or the new one, and of several processes that start at once one does the work.
 * Rejects with a `StorageFailure` when the file is another program's or a newer Victor's; it is untouched then.
 */
export async function migrate(
  connection: SqliteConnection,
  list: readonly Migration[] = migrations,
): Promise<void> {
  const newest = list.at(-1)?.version ?? 0;
  const current = await connection.read(() => acceptedVersion(connection, newest));
  await connection.enableWriteAheadLog();
  for (const migration of list) {
    if (migration.version <= current) continue;
    await connection.exclusive(() => {
      // Another process may have done this step since we looked.
      if (acceptedVersion(connection, newest) >= migration.version) return;
      connection.execute(migration.sql);
      connection.execute(
        `PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migration.version};`,
      );
    });
  }
}

function acceptedVersion(connection: SqliteConnection, newest: number): number {
  const { file } = connection;
  const version = Number(connection.pragma('user_version'));
  const owner = Number(connection.pragma('application_id'));
  const unmarked = owner === 0 && version === 0;
  if (unmarked ? !isEmpty(connection) : owner !== applicationId) throw new StorageFailure('foreign', file);
  if (version > newest) {
    throw new StorageFailure('newer-schema', file, {
      message: `${file} was written by a newer version of victor (schema ${version}, this one knows ${newest}).`,
    });
  }
  return version;
}

function isEmpty(connection: SqliteConnection): boolean {
  return connection.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}
