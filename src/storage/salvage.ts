import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { rowsOfPages } from './damaged-pages.js';
import { insertKnownRow } from './salvage-rows.js';
import { settleSessions } from './salvage-sessions.js';
import { copyTables } from './salvage-tables.js';
import { openSqliteConnection, type SqliteConnection } from './sqlite-connection.js';

/** What was brought over, and how many entries of logs are known to be gone. */
export interface Salvage {
  readonly sessions: number;
  readonly messages: number;
  readonly lost: number;
}

const suffixes = ['', '-wal'] as const;

/**
 * Copies what can still be read of a damaged database that was moved aside into a fresh one. First through SQLite,
 * table by table, from both ends up to what is damaged; then from the pages themselves, where SQLite cannot go. The
 * damaged file is only read.
 */
export async function salvage(aside: string, target: SqliteConnection): Promise<Salvage> {
  // SQLite writes when it opens a database with a log, so it gets a copy.
  const copy = `${target.file}.salvage`;
  target.execute('PRAGMA foreign_keys = OFF');
  try {
    await target.read(() => {});
    removeCopy(copy);
    if (existsSync(aside)) {
      for (const suffix of suffixes)
        if (existsSync(aside + suffix)) copyFileSync(aside + suffix, copy + suffix);
      await throughSqlite(copy, target);
    }
    for (const rows of rowsOfPages(aside)) {
      if (rows.length === 0) continue;
      await target.write(() => {
        for (const row of rows) insertKnownRow(row, target);
      });
      await nextTurn();
    }
    return await settleSessions(target);
  } finally {
    removeCopy(copy);
    target.execute('PRAGMA foreign_keys = ON');
  }
}

async function throughSqlite(copy: string, target: SqliteConnection): Promise<void> {
  let source: SqliteConnection | undefined;
  try {
    source = await openSqliteConnection(copy);
    await copyTables(source, target);
  } catch {
    // Too damaged to be opened; the pages are read all the same.
  } finally {
    await source?.close().catch(() => {});
  }
}

function removeCopy(copy: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(copy + suffix, { force: true });
}
