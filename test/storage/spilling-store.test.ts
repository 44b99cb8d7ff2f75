import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NewCheckpoint } from '../../src/core/checkpoint.js';
import { assistantMessage, userMessage } from '../../src/core/message.js';
import { openStore } from '../../src/storage/open-store.js';
import { openReadOnlyStore } from '../../src/storage/read-only-store.js';
import { createSpillingStore } from '../../src/storage/spilling-store.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { StorageFailure } from '../../src/storage/storage-failure.js';
import { withDatabase } from './database.js';
import { describeStore } from './store-conformance.js';
import { temporaryFolders } from './temporary-folder.js';

const temporaryFolder = temporaryFolders();
const newFile = async () => join(await temporaryFolder(), 'victor', 'victor.db');
const said = (text: string) => ({ type: 'message', message: userMessage(text) }) as const;

describeStore('store of the command line', async () => openStore({ file: await newFile() }));

describeStore('store that goes on in memory on top of a database', async () => {
  const file = await newFile();
  await (await openSqliteStore({ file })).close();
  const durable = await openReadOnlyStore({ file });
  return createSpillingStore({ durable, trouble: new StorageFailure('full', file), onNotice: () => {} });
});

describe('a database that takes no more in the middle of a session', () => {
  const event = (id: string, costUsd: number) => ({
    ...{ id, sessionId: 'one', type: 'request_end', timestamp: Date.now() },
    data: { provider: 'p', model: 'm', inputTokens: 10, outputTokens: 1, costUsd },
  });
  const content = Buffer.from('before');
  const hash = createHash('sha256').update(content).digest('hex');
  const checkpoint = (id: string): NewCheckpoint => ({
    ...{ id, sessionId: 'one', turnId: 't', action: 'edit', path: '/work/a', before: { hash, mode: 420 } },
    ...{ after: null, back: null, createdAt: 1 },
  });

  /** SQLite answers that the disk is full when the database may have no more pages; writes that need none still work. */
  const opened = async () => {
    const file = await newFile();
    const durable = await openSqliteStore({ file });
    const told: string[] = [];
    const store = createSpillingStore({ durable, onNotice: (text) => told.push(text) });
    const { connection } = durable;
    return {
      file,
      store,
      told,
      fill: () => void connection.pragma(`max_page_count = ${connection.pragma('page_count')}`),
      free: () => void connection.pragma('max_page_count = 100000'),
    };
  };
  const long = 'x'.repeat(200_000);

  it('D04: every read sees what is stored and what is new as one, in its order', async () => {
    const { store, told, fill } = await opened();
    const { sessions, analytics, checkpoints } = store;
    await sessions.openSession('one', '/work');
    await sessions.openSession('two', '/work');
    await sessions.appendLog('one', said('first'));
    await analytics.appendEvents([event('e1', 1)]);
    await checkpoints.saveCheckpoint(checkpoint('c1'), content);
    const { position } = await analytics.spending({ sessionId: 'one' });
    fill();
    await sessions.appendLog('one', said(`second ${long}`));
    expect(told).toEqual([
      expect.stringMatching(/^Sessions are kept in memory only.*The disk is full.*VICTOR_HOME/),
    ]);
    await sessions.appendLog('one', { type: 'message', message: assistantMessage('third') });
    await analytics.appendEvents([event('e1', 1), event('e2', 2)]);
    await checkpoints.saveCheckpoint(checkpoint('c2'), content);
    await checkpoints.sealCheckpoint('c1', { hash: 'ff', mode: 420 });

    const log = await sessions.readLog('one');
    expect(log.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(
      log.map(({ entry }) => (entry.type === 'message' ? entry.message.content.slice(0, 6) : '')),
    ).toEqual(['first', 'second', 'third']);
    expect(await sessions.openSession('one', '/elsewhere')).toEqual({ existed: true });
    expect(await sessions.getSession('one')).toMatchObject({ title: 'first', cwd: '/work', messages: 3 });
    expect((await sessions.listSessions()).map(({ id }) => id)).toEqual(['one', 'two']);
    expect((await analytics.readEvents('one')).map(({ id }) => id)).toEqual(['e1', 'e2']);
    const since = await analytics.spending({ sessionId: 'one', after: position });
    expect((await analytics.spending({ sessionId: 'one', after: since.position })).costUsd).toBeNull();
    const [c2, c1] = await checkpoints.listCheckpoints('one');
    expect(c2).toMatchObject({ id: 'c2', after: null, logSequence: 3 });
    expect(c1).toMatchObject({ id: 'c1', after: { hash: 'ff' }, sealed: true, logSequence: 1 });
    expect(c2!.position).toBeGreaterThan(c1!.position);
    expect(Buffer.from((await checkpoints.readContent(hash))!)).toEqual(content);
    expect(told).toHaveLength(1);
    await store.close();
  });

  it('D04: writes all of it, in its order, when the disk takes it again', async () => {
    const { file, store, told, fill, free } = await opened();
    await store.sessions.openSession('one', '/work');
    fill();
    for (const number of [1, 2, 3]) await store.sessions.appendLog('one', said(`${number} ${long}`));
    free();
    await store.close();
    expect(told).toEqual([
      expect.stringContaining('in memory only'),
      expect.stringContaining('can be written again'),
    ]);
    const next = await openStore({ file });
    const log = await next.sessions.readLog('one');
    expect(log.map(({ entry }) => (entry.type === 'message' ? entry.message.content[0] : ''))).toEqual([
      '1',
      '2',
      '3',
    ]);
    await next.close();
  });

  it('D04: what is renamed or deleted meanwhile is not undone when the rest is written', async () => {
    const { file, store, fill, free } = await opened();
    fill();
    for (const id of ['kept', 'gone']) {
      await store.sessions.openSession(id, '/work');
      await store.sessions.appendLog(id, said(long));
    }
    expect(await store.sessions.renameSession('kept', 'New name')).toBe(true);
    expect(await store.sessions.deleteSession('gone')).toBe(true);
    free();
    await store.close();
    const next = await openStore({ file });
    expect((await next.sessions.listSessions()).map(({ id, title }) => [id, title])).toEqual([
      ['kept', 'New name'],
    ]);
    await next.close();
  });

  it('a mistake of the caller is no trouble of the disk', async () => {
    const { store, told } = await opened();
    await expect(store.sessions.appendLog('nobody', said('x'))).rejects.toMatchObject({
      reason: 'unknown-session',
    });
    expect(told).toEqual([]);
    await store.close();
  });
});

describe('a database that can be read and not written', () => {
  it('D08: is read although a newer version wrote it, and every write says why not', async () => {
    const file = await newFile();
    const store = await openSqliteStore({ file });
    await store.sessions.openSession('one', '/work');
    await store.sessions.appendLog('one', said('hello'));
    await store.close();
    withDatabase(file, (database) =>
      database.exec(
        'PRAGMA user_version = 999; ALTER TABLE sessions ADD COLUMN later TEXT; CREATE TABLE more (a)',
      ),
    );
    const reader = await openReadOnlyStore({ file });
    expect(await reader.sessions.readLog('one')).toHaveLength(1);
    await expect(reader.sessions.appendLog('one', said('x'))).rejects.toMatchObject({ reason: 'read-only' });
    await reader.close();
    expect(withDatabase(file, (database) => database.pragma('user_version', { simple: true }))).toBe(999);
  });

  it('is missed by name when there is none, or when it is another program’s', async () => {
    const file = await newFile();
    await expect(openReadOnlyStore({ file })).rejects.toMatchObject({
      message: `There is no session database at ${file}.`,
    });
    await (await openSqliteStore({ file })).close();
    withDatabase(file, (database) => database.pragma('application_id = 7'));
    await expect(openReadOnlyStore({ file })).rejects.toMatchObject({ reason: 'foreign' });
  });
});
