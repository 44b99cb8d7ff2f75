import type { Store } from '../core/store.js';
import { migrate } from './migrations.js';
import { preparePrivateFile } from './private-file.js';
import { createSqliteAnalytics } from './sqlite-analytics.js';
import { createSqliteCheckpoints } from './sqlite-checkpoints.js';
import { openSqliteConnection } from './sqlite-connection.js';
import { createSqliteSessions } from './sqlite-sessions.js';
import { storageFailure } from './storage-failure.js';

/**
 * Opens the database at this absolute path, and makes it and its folder when they are missing.
 * Rejects with a `StorageError` when it cannot be used for any reason; `openStore` is the one that finds a way on.
 */
export async function openSqliteStore({ file }: { readonly file: string }): Promise<Store> {
  const notices = prepare(file);
  const connection = await openSqliteConnection(file);
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
    close: connection.close,
  };
}

function prepare(file: string): readonly string[] {
  try {
    return preparePrivateFile(file);
  } catch (error) {
    throw storageFailure(error, file);
  }
}
