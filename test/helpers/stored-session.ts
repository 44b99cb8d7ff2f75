import { join } from 'node:path';
import type { LogRecord } from '../../src/core/store.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';

/** Puts a session into the database of this VICTOR_HOME, through the store. */
export async function storeSession(home: string, id: string, log: readonly LogRecord[]): Promise<void> {
  const store = await openSqliteStore({ file: join(home, 'victor.db') });
  try {
    await store.sessions.openSession(id, '/work');
    for (const entry of log) await store.sessions.appendLog(id, entry);
  } finally {
    await store.close();
  }
}
