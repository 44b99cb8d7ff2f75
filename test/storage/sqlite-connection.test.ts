import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { userMessage } from '../../src/core/message.js';
import { openSqliteConnection } from '../../src/storage/sqlite-connection.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { runChild } from './child.js';
import { storedNumbers } from './database.js';
import { temporaryFolders } from './temporary-folder.js';

describe('the connection', () => {
  const temporaryFolder = temporaryFolders();
  const newFile = async () => join(await temporaryFolder(), 'victor.db');

  it('checks foreign keys, and leaves a commit to SQLite to sync only where no log is that could be synced behind it', async () => {
    const file = await newFile();
    await (await openSqliteStore({ file })).close();
    const connection = await openSqliteConnection(file);
    expect(connection.pragma('synchronous')).toBe(2);
    expect(connection.pragma('foreign_keys')).toBe(1);
    expect(connection.pragma('journal_mode')).toBe('wal');
    expect(Number(connection.pragma('busy_timeout'))).toBeLessThanOrEqual(20);
    await connection.enableWriteAheadLog();
    expect(connection.pragma('synchronous')).toBe(1);
    await connection.close();
  });

  it('D07: while another process holds the lock this one stays alive, and then writes in the order of the calls', async () => {
    const file = await newFile();
    const store = await openSqliteStore({ file });
    await store.sessions.openSession('one', '/work');
    const other = new Sqlite(file);
    other.exec('BEGIN EXCLUSIVE');

    let settled = 0;
    const pending = [1, 2, 3].map((number) =>
      store.sessions.appendLog('one', { type: 'message', message: userMessage(`${number}`) }).then(() => {
        settled += 1;
      }),
    );
    // Each round of this loop is one the screen would have had: it runs only if nothing blocks the thread for good.
    for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(settled).toBe(0);
    other.exec('COMMIT');
    other.close();
    await Promise.all(pending);
    await store.close();
    expect(storedNumbers(file, 'one')).toEqual([1, 2, 3]);
  });

  it('waits for what is pending when it closes, closes once, and refuses what comes later', async () => {
    const file = await newFile();
    const store = await openSqliteStore({ file });
    await store.sessions.openSession('one', '/work');
    const append = () => store.sessions.appendLog('one', { type: 'message', message: userMessage('1') });
    const pending = [append(), append()];
    await Promise.all([store.close(), store.close()]);
    await Promise.all(pending);
    expect(storedNumbers(file, 'one')).toEqual([1, 1]);
    await expect(append()).rejects.toMatchObject({ code: 'storage', reason: 'closed' });
    await expect(store.sessions.listSessions()).rejects.toMatchObject({ reason: 'closed' });
  });

  it('goes on after a write that failed', async () => {
    const file = await newFile();
    const store = await openSqliteStore({ file });
    await store.sessions.openSession('one', '/work');
    const bad = store.sessions.appendLog('nobody', { type: 'reset' });
    const good = store.sessions.appendLog('one', { type: 'message', message: userMessage('1') });
    await expect(bad).rejects.toMatchObject({ reason: 'unknown-session' });
    await good;
    await store.close();
    expect(storedNumbers(file, 'one')).toEqual([1]);
  });

  it('D04: when nothing more can be written the session goes on in memory, and all that was acknowledged before stays', async () => {
    const file = await newFile();
    const lines = await runChild('append.ts', [file, 'one', '100000', '5'], { limitKb: 512 });
    const told = lines.findIndex((line) => line.startsWith('notice '));
    expect(lines[told]).toMatch(/^notice Sessions are kept in memory only .*VICTOR_HOME/);
    const onDisk = lines.slice(0, told).map(Number);
    expect(onDisk.length).toBeGreaterThan(3);
    expect(lines.slice(told + 1)).toEqual([
      ...Array.from({ length: 6 }, (_, index) => String(onDisk.length + index + 1)),
      `read ${onDisk.length + 6}`,
      'closed',
    ]);
    expect(storedNumbers(file, 'one')).toEqual(onDisk);
  });

  it('says where a damaged entry was instead of leaving it out, and reads the others', async () => {
    const file = await newFile();
    const store = await openSqliteStore({ file });
    await store.sessions.openSession('one', '/work');
    for (const text of ['1', '2', '3', '4', '5']) {
      await store.sessions.appendLog('one', { type: 'message', message: userMessage(text) });
    }
    const other = new Sqlite(file);
    other.exec(
      `UPDATE log SET payload = '{"type":"mess' WHERE sequence = 2; DELETE FROM log WHERE sequence IN (3, 4)`,
    );
    other.close();
    const log = await store.sessions.readLog('one');
    expect(log.map(({ sequence, entry }) => [sequence, entry])).toEqual([
      [1, expect.objectContaining({ type: 'message' })],
      [2, { type: 'lost', entries: 1 }],
      [3, { type: 'lost', entries: 2 }],
      [5, expect.objectContaining({ type: 'message' })],
    ]);
    await store.close();
  });
});
