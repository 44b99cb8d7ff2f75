import { backUp } from './back-up.js';
import { applicationId, schemaVersion1 } from './schema.js';
import { analyticsViews } from './schema-analytics.js';
import { carryCheckpointsOver, checkpointsSchema } from './schema-checkpoints.js';
import { schemaDecisions } from './schema-decisions.js';
import { schemaDelivery } from './schema-delivery.js';
import { schemaVersion2 } from './schema-sessions.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { StorageFailure } from './storage-failure.js';

/** One step from the version before to `version`. A released migration never changes again. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
  /** What SQL alone cannot do, after it and in the same transaction. */
  readonly run?: (connection: SqliteConnection) => void;
}

/** In order, numbered from 1 without gaps. */
export const migrations: readonly Migration[] = [
  { version: 1, sql: schemaVersion1 },
  { version: 2, sql: schemaVersion2 },
  { version: 3, sql: analyticsViews },
  { version: 4, sql: schemaDelivery },
  { version: 5, sql: checkpointsSchema, run: carryCheckpointsOver },
  { version: 6, sql: schemaDecisions },
];

/**
 * Brings the schema up to date. All steps and their number are written in one exclusive transaction, so that a crash
 * leaves the old schema or the new one, and of several processes that start at once one does the work. Before the first
 * step it copies a database that has something in it, and answers the name of that copy.
 * Rejects with a `StorageFailure` when the file is another program's or a newer Victor's; it is untouched then.
 */
export async function migrate(
  connection: SqliteConnection,
  list: readonly Migration[] = migrations,
): Promise<string | undefined> {
  const newest = list.at(-1)?.version ?? 0;
  const current = await connection.read(() => acceptedVersion(connection, newest));
  await connection.enableWriteAheadLog();
  if (current === newest) return undefined;
  return connection.exclusive(() => {
    // Another process may have done it since we looked.
    const before = acceptedVersion(connection, newest);
    if (before === newest) return undefined;
    const copy = before > 0 ? backUp(connection.file, `backup-${before}`) : undefined;
    for (const { version, sql, run } of list) {
      if (version <= before) continue;
      connection.execute(sql);
      run?.(connection);
    }
    connection.execute(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${newest};`);
    return copy;
  });
}

function acceptedVersion(connection: SqliteConnection, newest: number): number {
  const { file } = connection;
  const version = Number(connection.pragma('user_version'));
  const owner = ownerOf(connection);
  const unmarked = owner === 0 && version === 0;
  if (unmarked ? !isEmpty(connection) : owner !== applicationId) throw new StorageFailure('foreign', file);
  if (version > newest) {
    throw new StorageFailure('newer-schema', file, {
      message: `${file} was written by a newer version of victor (schema ${version}, this one knows ${newest}).`,
    });
  }
  return version;
}

/** Whether the database is Victor's, of whatever version. */
export function isOurs(connection: SqliteConnection): boolean {
  return ownerOf(connection) === applicationId;
}

/** Whether its schema is of a version that this one would change. */
export function isOlder(connection: SqliteConnection): boolean {
  return Number(connection.pragma('user_version')) < (migrations.at(-1)?.version ?? 0);
}

function ownerOf(connection: SqliteConnection): number {
  return Number(connection.pragma('application_id'));
}

function isEmpty(connection: SqliteConnection): boolean {
  return connection.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}
