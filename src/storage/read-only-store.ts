import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Store } from '../core/store.js';
import { isOlder, isOurs, migrate } from './migrations.js';
import { createSqliteAnalytics } from './sqlite-analytics.js';
import { createSqliteCheckpoints } from './sqlite-checkpoints.js';
import { openSqliteConnection, type SqliteConnection } from './sqlite-connection.js';
import { createSqliteDecisions } from './sqlite-decisions.js';
import { createSqliteSessions } from './sqlite-sessions.js';
import { createSqliteSpool } from './sqlite-spool.js';
import { StorageFailure } from './storage-failure.js';

/**
 * Opens a database of any version only to read it; every write rejects with a `StorageError`. Of an older version, and
 * where SQLite may not make the file beside a log that it reads it with, a private copy is read, which goes with the store.
 */
export async function openReadOnlyStore({ file }: { readonly file: string }): Promise<Store> {
  const { connection, remove } = await open(file);
  const { save, ...decisions } = createSqliteDecisions(connection);
  return {
    sessions: createSqliteSessions(connection),
    analytics: createSqliteAnalytics(connection),
    checkpoints: createSqliteCheckpoints(connection),
    spool: createSqliteSpool(connection),
    decisions,
    notices: [],
    async close() {
      await connection.close();
      remove();
    },
  };
}

async function open(file: string): Promise<{ connection: SqliteConnection; remove: () => void }> {
  if (!existsSync(file)) {
    throw new StorageFailure('no-access', file, {
      message: `There is no session database at ${file}.`,
      advice: 'victor ask "…" or victor chat makes one; VICTOR_HOME says where.',
    });
  }
  try {
    const connection = await openReadable(file);
    if (!isOlder(connection)) return { connection, remove: () => {} };
    await connection.close();
  } catch (error) {
    if (error instanceof StorageFailure && ['corrupt', 'foreign'].includes(error.reason)) throw error;
  }
  const folder = mkdtempSync(join(tmpdir(), 'victor-history-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, basename(file));
    for (const suffix of ['', '-wal'])
      if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
    await bringUpToDate(copy);
    return { connection: await openReadable(copy), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

async function bringUpToDate(copy: string): Promise<void> {
  const connection = await openSqliteConnection(copy);
  try {
    if (isOurs(connection) && isOlder(connection)) await migrate(connection);
  } finally {
    await connection.close();
  }
}

async function openReadable(file: string): Promise<SqliteConnection> {
  const connection = await openSqliteConnection(file, { readOnly: true });
  try {
    if (!(await connection.read(() => isOurs(connection)))) throw new StorageFailure('foreign', file);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}
