import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTick, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { userMessage } from '../../src/core/message.js';
import type { LogRecord, Store } from '../../src/core/store.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { withDatabase } from './database.js';
import { temporaryFolders } from './temporary-folder.js';

const said = (text: string): LogRecord => ({ type: 'message', message: userMessage(text) });
const version1 = await readFile(new URL('../fixtures/storage/version-1.sql', import.meta.url), 'utf8');

describe('the full-text index of the SQLite store', () => {
  const temporaryFolder = temporaryFolders();
  const databaseFile = async () => join(await temporaryFolder(), 'victor.db');
  const open = (file: string): Promise<Store> => openSqliteStore({ file });
  const dueSessions = (file: string) =>
    withDatabase(file, (database) =>
      database.prepare('SELECT count(*) FROM sessions WHERE indexed < entries').pluck().get(),
    );
  const found = async (store: Store, query: string) =>
    (await store.sessions.searchMessages(query)).map(({ session, sequence }) => `${session.id} ${sequence}`);

  it('finds what a database of version 1 holds, and resumes it where it was reset', async () => {
    const file = await databaseFile();
    await writeFile(file, '');
    withDatabase(file, (database) => {
      database.exec(version1);
      database.exec(`
        INSERT INTO sessions VALUES ('s2', '', '/work', 1, 1, 1, 2);
        INSERT INTO log SELECT 's2', sequence, type, payload, created_at FROM log;
        INSERT INTO log VALUES ('s2', 3, 'reset', '{"type":"reset"}', 1);
        INSERT INTO sessions VALUES ('s3', '', '/work', 1, 1, 0, 3);`);
    });
    const store = await open(file);
    expect(await found(store, 'login')).toEqual(['s2 1', 's1 1']);
    expect((await store.sessions.readContextLog('s2')).map(({ sequence }) => sequence)).toEqual([3]);
    await store.sessions.appendLog('s2', said('more'));
    await store.sessions.appendLog('s3', said('begun'));
    expect((await store.sessions.readLog('s2')).at(-1)?.sequence).toBe(4);
    expect(await found(store, 'begun')).toEqual(['s3 1']);
    await store.close();
  });

  it('is written in pauses, so that a search finds nothing left to do', async () => {
    const file = await databaseFile();
    const store = await open(file);
    await store.sessions.openSession('one', '/work');
    for (let number = 0; number < 400; number += 1)
      await store.sessions.appendLog('one', said(`needle ${number}`));
    for (let tries = 0; dueSessions(file) !== 0 && tries < 500; tries += 1) await sleep(20);
    expect(dueSessions(file)).toBe(0);
    expect(await found(store, '"needle 399"')).toEqual(['one 400']);
    await store.close();
  });

  it('D01: what was appended by a process that ended before it was indexed is found by the next one', async () => {
    const file = await databaseFile();
    const first = await open(file);
    await first.sessions.openSession('one', '/work');
    await first.sessions.appendLog('one', said('left behind'));
    await first.close();
    expect(dueSessions(file)).toBe(1);
    const second = await open(file);
    expect(await found(second, '"left behind"')).toEqual(['one 1']);
    await second.close();
  });

  it('two processes that index at once write each message once', async () => {
    const file = await databaseFile();
    const [one, two] = [await open(file), await open(file)];
    await one.sessions.openSession('s', '/work');
    for (let number = 0; number < 500; number += 1)
      await one.sessions.appendLog('s', said(`needle ${number}`));
    await Promise.all([found(one, 'needle'), found(two, 'needle')]);
    const rows = withDatabase(file, (database) =>
      database.prepare('SELECT count(*) FROM message_words').pluck().get(),
    );
    expect(rows).toBe(500);
    await Promise.all([one.close(), two.close()]);
  });

  describe('a message of several megabytes', () => {
    const parts = 60;
    const long = Array.from({ length: parts }, (_, at) => `part${at} ${'word '.repeat(10_000)}`).join('');
    const indexed = (file: string) =>
      withDatabase(file, (database) =>
        Number(database.prepare('SELECT count(*) FROM message_words').pluck().get()),
      );
    /** Resolves in the middle of it. */
    async function halfDone(file: string): Promise<void> {
      for (let tries = 0; indexed(file) < 5 && tries < 50_000; tries += 1) await nextTick();
      expect(indexed(file)).toBeLessThan(parts);
      expect(dueSessions(file)).toBe(1);
    }

    it('is indexed part by part, and whoever writes meanwhile waits for one part', async () => {
      const file = await databaseFile();
      const store = await open(file);
      await store.sessions.openSession('one', '/work');
      await store.sessions.appendLog('one', said(long));
      await halfDone(file);
      await store.sessions.appendLog('one', said('meanwhile'));
      expect(indexed(file)).toBeLessThan(parts);
      expect(await found(store, 'part0')).toEqual(['one 1']);
      expect(await found(store, `part${parts - 1}`)).toEqual(['one 1']);
      expect(await found(store, 'meanwhile')).toEqual(['one 2']);
      expect(dueSessions(file)).toBe(0);
      await store.close();
    });

    it('is found by all its parts when another process begins the index anew meanwhile', async () => {
      const file = await databaseFile();
      const store = await open(file);
      await store.sessions.openSession('one', '/work');
      await store.sessions.appendLog('one', said(long));
      await halfDone(file);
      withDatabase(file, (database) =>
        database.exec(`
          INSERT INTO message_words (message_words) VALUES ('delete-all');
          UPDATE sessions SET indexed = 0;`),
      );
      expect(await found(store, 'part0')).toEqual(['one 1']);
      expect(await found(store, `part${parts - 1}`)).toEqual(['one 1']);
      await store.close();
    });

    it('is found once when two processes index it at once', async () => {
      const file = await databaseFile();
      const [one, two] = [await open(file), await open(file)];
      await one.sessions.openSession('one', '/work');
      await one.sessions.appendLog('one', said(long));
      expect(await Promise.all([found(one, 'part3'), found(two, 'part59')])).toEqual([['one 1'], ['one 1']]);
      expect(indexed(file)).toBeGreaterThanOrEqual(parts);
      expect(await found(two, 'part0')).toEqual(['one 1']);
      await Promise.all([one.close(), two.close()]);
    });
  });

  it('survives VACUUM: what was found before is found after, and nothing else', async () => {
    const file = await databaseFile();
    const store = await open(file);
    for (const id of ['one', 'two', 'three']) {
      await store.sessions.openSession(id, '/work');
      await store.sessions.appendLog(id, said(`needle of ${id}`));
    }
    await store.sessions.deleteSession('one');
    const before = await found(store, 'needle');
    await store.close();
    withDatabase(file, (database) => database.exec('VACUUM'));
    const after = await open(file);
    await after.sessions.openSession('four', '/work');
    await after.sessions.appendLog('four', said('needle of four'));
    expect(before).toEqual(['three 1', 'two 1']);
    expect(await found(after, 'needle')).toEqual(['four 1', ...before]);
    await after.close();
  });

  it('passes over an entry that is damaged, and finds the others', async () => {
    const file = await databaseFile();
    const store = await open(file);
    await store.sessions.openSession('one', '/work');
    for (const word of ['first', 'second', 'third']) await store.sessions.appendLog('one', said(word));
    withDatabase(file, (database) => database.exec("UPDATE log SET payload = '{' WHERE sequence = 2"));
    expect(await found(store, 'first')).toEqual(['one 1']);
    expect(await found(store, 'third')).toEqual(['one 3']);
    await store.close();
  });

  it.each([
    ['its blocks are garbage', "UPDATE message_words_data SET block = x'00ff00ff00ff' WHERE id > 1000"],
    ['its blocks are gone', 'DELETE FROM message_words_data WHERE id > 1000'],
    ['its structure is gone', 'DELETE FROM message_words_data WHERE id = 10'],
  ])('D06: is made anew from the log when %s', async (_case, damage) => {
    const file = await databaseFile();
    const write = async () => {
      const store = await open(file);
      for (const id of ['one', 'two']) {
        await store.sessions.openSession(id, '/work');
        await store.sessions.appendLog(id, said(`needle of ${id}`));
      }
      expect(await found(store, 'needle')).toHaveLength(2);
      await store.close();
    };
    await write();
    const harm = () => withDatabase(file, (database) => database.unsafeMode().exec(damage));
    harm();
    const store = await open(file);
    expect(await found(store, 'needle')).toEqual(['two 1', 'one 1']);
    await store.close();
    harm();
    const again = await open(file);
    expect(await again.sessions.deleteSession('two')).toBe(true);
    expect(await found(again, 'needle')).toEqual(['one 1']);
    await again.close();
  });

  it('of a word that more than 10,000 messages have, shows the sessions begun last first', async () => {
    const file = await databaseFile();
    const store = await open(file);
    const log = Array.from({ length: 5_200 }, (_, at) => ({ entry: said(`the same ${at}`), timestamp: 1 }));
    const imported = { title: '', cwd: '/work', createdAt: 1, updatedAt: 1, tags: [], log };
    for (const id of ['one', 'two']) await store.sessions.importSession({ ...imported, id });
    expect((await found(store, 'same')).slice(0, 3)).toEqual(['two 5200', 'two 5199', 'two 5198']);
    expect(await found(store, 'same')).toHaveLength(50);
    expect(await found(store, 'same 4711')).toEqual(['two 4712', 'one 4712']);
    await store.close();
  });
});
