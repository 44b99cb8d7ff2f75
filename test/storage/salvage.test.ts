import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { userMessage } from '../../src/core/message.js';
import type { Store } from '../../src/core/store.js';
import { openStore } from '../../src/storage/open-store.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { withDatabase } from './database.js';
import { temporaryFolders } from './temporary-folder.js';

const ids = ['a', 'b', 'c'];
const length = 30;
const text = (id: string, number: number) => `${id} ${number} ${'é😀'.repeat((number * 37) % 1_500)}`;

describe('a damaged database is salvaged', () => {
  const temporaryFolder = temporaryFolders();

  /** Three sessions of 30 messages, some of which fill many pages; an event and a checkpoint each. */
  const filled = async (): Promise<{ file: string; store: Store }> => {
    const file = join(await temporaryFolder(), 'victor', 'victor.db');
    const store = await openSqliteStore({ file });
    for (const id of ids) await store.sessions.openSession(id, '/work');
    for (let number = 1; number <= length; number += 1) {
      for (const id of ids)
        await store.sessions.appendLog(id, { type: 'message', message: userMessage(text(id, number)) });
    }
    for (const id of ids) {
      const common = { sessionId: id, timestamp: 1 };
      await store.analytics.appendEvents([{ id: `e-${id}`, type: 'turn_start', data: { n: 1 }, ...common }]);
      const content = Uint8Array.of(0, 255, id.charCodeAt(0));
      const hash = createHash('sha256').update(content).digest('hex');
      const change = { id: `c-${id}`, sessionId: id, turnId: 't', path: '/work/a', createdAt: 1 };
      const states = { before: { hash, mode: 420 }, after: null, back: null };
      await store.checkpoints.saveCheckpoint({ ...change, ...states, action: 'edit' }, content);
    }
    return { file, store };
  };
  const aside = (file: string) =>
    readdirSync(dirname(file)).filter((name) => /\.corrupt-\d+T\d+Z$/.test(name));
  const overwrite = (file: string, place: number, bytes: number) => {
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, Buffer.alloc(bytes, 0xff), 0, bytes, place);
  };
  const contentsOf = async (store: Store, id: string) =>
    (await store.sessions.readLog(id)).map(({ entry }) =>
      entry.type === 'message' ? entry.message.content : entry,
    );
  const everything = (id: string) => Array.from({ length }, (_, index) => text(id, index + 1));

  it.each([
    ['the whole first page', 0, 4_096],
    ['the first page behind its header', 100, 3_996],
  ])('D06: all of it where %s is gone', async (_case, place, bytes) => {
    const { file, store } = await filled();
    await store.close();
    overwrite(file, place, bytes);
    const damaged = readFileSync(file);
    const next = await openStore({ file });
    expect(next.notices).toEqual([
      expect.stringMatching(
        /^The session database was damaged\. It is kept as .* 3 sessions with 90 messages were read from it into .*victor\.db\.$/,
      ),
    ]);
    for (const id of ids) {
      expect(await contentsOf(next, id)).toEqual(everything(id));
      expect(await next.sessions.getSession(id)).toMatchObject({ cwd: '/work', messages: length });
      expect(await next.analytics.readEvents(id)).toEqual([
        { id: `e-${id}`, sessionId: id, type: 'turn_start', data: { n: 1 }, timestamp: 1 },
      ]);
      const { before } = (await next.checkpoints.getCheckpoint(`c-${id}`))!;
      expect(await next.checkpoints.readContent(before.hash!)).toEqual(
        Uint8Array.of(0, 255, id.charCodeAt(0)),
      );
    }
    await next.close();
    const [name] = aside(file);
    expect(readFileSync(join(dirname(file), name!))).toEqual(damaged);
    expect(readdirSync(dirname(file)).sort()).toEqual(['victor.db', name]);
    expect(withDatabase(file, (database) => database.pragma('integrity_check', { simple: true }))).toBe('ok');
  });

  it('D06: what pages in the middle had is marked as lost where it was, and the rest is there', async () => {
    const { file, store } = await filled();
    await store.close();
    const { size } = statSync(file);
    overwrite(file, Math.floor(size / 2 / 4_096) * 4_096, 16 * 4_096);
    withDatabase(file, (database) =>
      expect(database.pragma('integrity_check', { simple: true })).not.toBe('ok'),
    );
    // Nobody knows of it before it is met.
    const next = await openStore({ file });
    const told: string[] = [];
    next.onNotice?.((one) => told.push(one));
    let found = 0;
    let lost = 0;
    for (const id of ids) {
      const log = await next.sessions.readLog(id);
      for (const { entry } of log) {
        if (entry.type === 'lost') lost += entry.entries;
        if (entry.type !== 'message') continue;
        found += 1;
        expect(everything(id)).toContain(entry.message.content);
      }
    }
    expect(lost).toBeGreaterThan(0);
    expect(found).toBeGreaterThan(ids.length * 10);
    expect(found + lost).toBe(ids.length * length);
    expect([...next.notices, ...told]).toEqual([
      expect.stringMatching(`; ${lost} entries of their logs are lost`),
    ]);
    await next.close();
    expect(aside(file)).toHaveLength(1);
  });

  it('D06: a log with a flipped bit is not taken for the end of what was said: what came behind it is saved', async () => {
    const { file, store } = await filled();
    const folder = await temporaryFolder();
    const copy = join(folder, 'victor.db');
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, copy + suffix);
    for (const name of readdirSync(dirname(file)))
      if (name.includes('-open-')) copyFileSync(join(dirname(file), name), `${copy}-open-2147483646-1`);
    await store.close();
    const frames = Math.floor((statSync(`${copy}-wal`).size - 32) / 4_120);
    const log = readFileSync(`${copy}-wal`);
    // A frame of the last round, a third from the end.
    overwrite(`${copy}-wal`, 32 + Math.floor(frames / 2) * 4_120 + 24 + 2_000, 1);
    const seen = new Sqlite(copy, { readonly: true });
    seen.close();
    expect(log.equals(readFileSync(`${copy}-wal`))).toBe(false);
    const next = await openStore({ file: copy });
    expect(next.notices[0]).toMatch(/^The session database was damaged/);
    const last = (await contentsOf(next, 'c')).at(-1);
    expect(last).toBe(text('c', length));
    await next.close();
  });

  it('a session whose every message is gone is not shown as an empty one', async () => {
    const { file, store } = await filled();
    await store.close();
    withDatabase(file, (database) => database.exec("UPDATE log SET payload = '{' WHERE session_id = 'a'"));
    overwrite(file, 100, 1_000);
    const next = await openStore({ file });
    expect(await contentsOf(next, 'a')).toEqual([{ type: 'lost', entries: length }]);
    expect(await contentsOf(next, 'b')).toEqual(everything('b'));
    await next.close();
  });

  it('what was deleted stays deleted', async () => {
    const { file, store } = await filled();
    await store.sessions.deleteSession('b');
    await store.close();
    overwrite(file, 200, 3_000);
    const next = await openStore({ file });
    expect((await next.sessions.listSessions()).map(({ id }) => id)).toEqual(['c', 'a']);
    expect(await next.sessions.readLog('b')).toEqual([]);
    await next.close();
    expect(existsSync(`${file}.salvage`)).toBe(false);
  });

  it('a log whose session is gone becomes a session again, named after what was asked', async () => {
    const { file, store } = await filled();
    await store.close();
    withDatabase(file, (database) => {
      database.pragma('foreign_keys = OFF');
      database.exec("DELETE FROM sessions WHERE id = 'a'");
    });
    overwrite(file, 100, 1_000);
    const next = await openStore({ file });
    expect(await next.sessions.getSession('a')).toMatchObject({
      messages: length,
      title: expect.stringMatching(/^a 1 é/),
    });
    expect(await contentsOf(next, 'a')).toEqual(everything('a'));
    await next.close();
  });
});
