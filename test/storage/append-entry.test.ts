import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { userMessage } from '../../src/core/message.js';
import type { LogRecord } from '../../src/core/store.js';
import { createAppend } from '../../src/storage/append-entry.js';
import { openSqliteConnection, type SqliteConnection } from '../../src/storage/sqlite-connection.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { runChild, startChild } from './child.js';
import { storedNumbers, withDatabase } from './database.js';
import { temporaryFolders } from './temporary-folder.js';

const said = (text: string): LogRecord => ({ type: 'message', message: userMessage(text) });
const megabytes = (number: number, of = 'x') => `${number} ${of.repeat(3_000_000)}`;

describe('an entry of several megabytes', () => {
  const temporaryFolder = temporaryFolders();

  async function databaseWithSession(): Promise<string> {
    const file = join(await temporaryFolder(), 'victor.db');
    const store = await openSqliteStore({ file });
    await store.sessions.openSession('one', '/work');
    await store.close();
    return file;
  }

  async function withConnection(file: string, use: (connection: SqliteConnection) => Promise<void>) {
    const connection = await openSqliteConnection(file);
    await connection.enableWriteAheadLog();
    await use(connection);
    await connection.close();
  }

  it('keeps its place among those that are appended beside it, and every character', async () => {
    const file = await databaseWithSession();
    const store = await openSqliteStore({ file });
    const texts = ['1', megabytes(2, '\u0000"\\\n\ud800é🙂'), '3', megabytes(4), '5'];
    await Promise.all(texts.map((text) => store.sessions.appendLog('one', said(text))));
    const log = await store.sessions.readLog('one');
    expect(
      log.map(({ entry }, at) => entry.type === 'message' && entry.message.content === texts[at]),
    ).toEqual([true, true, true, true, true]);
    expect(await store.sessions.getSession('one')).toMatchObject({ messages: 5, title: '1' });
    await store.close();
    expect(storedNumbers(file, 'one')).toEqual([1, 2, 3, 4, 5]);
  });

  it('is there once, when the thread that wrote it ended before it could say so', async () => {
    const file = await databaseWithSession();
    await withConnection(file, async (connection) => {
      const append = createAppend({
        ...connection,
        writeApart: (apart, operation) =>
          connection.writeApart(async () => {
            await apart();
            return undefined;
          }, operation),
      });
      expect(await append('one', said(megabytes(1)))).toMatchObject({ sequence: 1 });
      expect(await append('one', said('2'))).toMatchObject({ sequence: 2 });
    });
    expect(storedNumbers(file, 'one')).toEqual([1, 2]);
  });

  it('is written by the main thread where no other can be had', async () => {
    const file = await databaseWithSession();
    await withConnection(file, async (connection) => {
      const append = createAppend({
        ...connection,
        writeApart: (_, operation) => connection.writeApart(async () => undefined, operation),
      });
      expect(await append('one', said(megabytes(1)))).toMatchObject({ sequence: 1, large: true });
    });
    expect(storedNumbers(file, 'one')).toEqual([1]);
  });

  it('waits for another process that holds the lock for longer than a thread waits, and is there once', async () => {
    const file = await databaseWithSession();
    const store = await openSqliteStore({ file });
    const other = new Sqlite(file);
    other.exec('BEGIN IMMEDIATE');
    let settled = false;
    const appended = store.sessions.appendLog('one', said(megabytes(1))).then(() => {
      settled = true;
    });
    await sleep(1_500);
    expect(settled).toBe(false);
    other.exec('COMMIT');
    other.close();
    await appended;
    await store.close();
    expect(storedNumbers(file, 'one')).toEqual([1]);
  });

  it('is refused where its session was deleted', async () => {
    const file = await databaseWithSession();
    const store = await openSqliteStore({ file });
    withDatabase(file, (database) => database.exec('DELETE FROM sessions'));
    await expect(store.sessions.appendLog('one', said(megabytes(1)))).rejects.toMatchObject({
      reason: 'unknown-session',
    });
    await store.close();
  });

  it('D01: is there whole after a kill -9, if it was acknowledged, and not at all or whole if it was not', async () => {
    const file = await databaseWithSession();
    for (const after of [1, 2, 3]) {
      const before = storedNumbers(file, 'one').length;
      const child = startChild('append.ts', [file, 'one', '100000', 'Infinity', '1500000']);
      await child.ready;
      child.go();
      while (child.lines.length < after) await sleep(2);
      child.process.kill('SIGKILL');
      const acknowledged = (await child.ended).map(Number);
      const stored = storedNumbers(file, 'one').slice(before);
      expect(stored.slice(0, acknowledged.length)).toEqual(acknowledged);
      expect(stored.length - acknowledged.length).toBeLessThanOrEqual(1);
    }
    withDatabase(file, (database) => {
      const lengths = database.prepare('SELECT length(payload) FROM log').pluck().all();
      expect(Math.min(...(lengths as number[]))).toBeGreaterThan(1_500_000);
    });
  });

  it('D04: that finds no room is kept in memory with a word, and all that was acknowledged before stays', async () => {
    const file = await databaseWithSession();
    const lines = await runChild('append.ts', [file, 'one', '100000', '2', '1000000'], { limitKb: 4_096 });
    const told = lines.findIndex((line) => line.startsWith('notice '));
    expect(lines[told]).toMatch(/^notice Sessions are kept in memory only .*VICTOR_HOME/);
    const onDisk = lines.slice(0, told).map(Number);
    expect(onDisk.length).toBeGreaterThan(0);
    expect(lines.at(-2)).toBe(`read ${onDisk.length + 3}`);
    expect(storedNumbers(file, 'one')).toEqual(onDisk);
  });
});
