import { existsSync } from 'node:fs';
import type { Store } from '../core/store.js';
import { checkDatabase } from './check-database.js';
import { migrate } from './migrations.js';
import { preparePrivateFile } from './private-file.js';
import { createSqliteAnalytics } from './sqlite-analytics.js';
import { createSqliteCheckpoints } from './sqlite-checkpoints.js';
import { openSqliteConnection, type SqliteConnection } from './sqlite-connection.js';
import { createSqliteSessions } from './sqlite-sessions.js';
import { storageFailure } from './storage-failure.js';

/**
 * Opens the database at this absolute path, and makes it and its folder when they are missing.
 * Rejects with a `StorageError` when it cannot be used for any reason; `openStore` is the one that finds a way on.
 */
export async function openSqliteStore({ file }: { readonly file: string }): Promise<Store> {
  const { connection, notices } = await open(file);
  try {
    await migrate(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return {
    sessions: createSqliteSessions(connection),
    analytics: createSqliteAnalytics(connection),
    checkpoints: createSqliteCheckpoints(connection),
    notices,
    check: () => checkDatabase(connection),
    close: connection.close,
  };
}

/** Times a file that another process moves away, because it was damaged, is made again. */
const ATTEMPTS = 3;

async function open(file: string): Promise<{ connection: SqliteConnection; notices: readonly string[] }> {
  for (let attempt = 1; ; attempt += 1) {
    const notices = prepare(file);
    try {
      return { connection: await openSqliteConnection(file), notices };
    } catch (error) {
      if (attempt === ATTEMPTS || existsSync(file)) throw error;
    }
  }
}

function prepare(file: string): readonly string[] {
  try {
    return preparePrivateFile(file);
  } catch (error) {
    throw storageFailure(error, file);
  }
}
