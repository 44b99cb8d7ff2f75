import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { userMessage } from '../../src/core/message.js';
import { openStore } from '../../src/storage/open-store.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { startChild } from './child.js';
import { storedNumbers, withDatabase } from './database.js';
import { temporaryFolders } from './temporary-folder.js';

const said = (text: string) => ({ type: 'message', message: userMessage(text) }) as const;

describe('after a process that had the database open was killed', () => {
  const temporaryFolder = temporaryFolders();
  const newFile = async () => join(await temporaryFolder(), 'victor', 'victor.db');
  const marks = (file: string) => readdirSync(dirname(file)).filter((name) => name.includes('-open-'));

  /** A process that has appended at least five messages, and is killed. */
  const killed = async (file: string) => {
    const child = startChild('append.ts', [file, 'one', '100000']);
    await child.ready;
    child.go();
    while (child.lines.length < 5) await sleep(2);
    child.process.kill('SIGKILL');
    return (await child.ended).map(Number);
  };
  const damage = (file: string) => {
    const bytes = readFileSync(file);
    bytes.fill(0xff, 4_096 * 2, 4_096 * 4);
    writeFileSync(file, bytes);
  };

  it('a mark says so, and the next one that looks and finds all in order takes it away', async () => {
    const file = await newFile();
    await killed(file);
    expect(marks(file)).toHaveLength(1);
    const store = await openStore({ file });
    expect(store.notices).toEqual([]);
    expect(marks(file)).toEqual([`victor.db-open-${process.pid}-${marks(file)[0]?.split('-').at(-1)}`]);
    await store.close();
    expect(readdirSync(dirname(file))).toEqual(['victor.db']);
  });

  it('damage on a page that nobody reads at the start is found, and not before: an ordinary start looks at no page', async () => {
    const file = await newFile();
    const acknowledged = await killed(file);
    storedNumbers(file, 'one'); // Empties the log into the database.
    damage(file);
    const [mark = ''] = marks(file).map((name) => join(dirname(file), name));
    renameSync(mark, `${file}.kept`);
    const ordinary = await openSqliteStore({ file });
    expect(ordinary.notices).toEqual([]);
    await ordinary.close();
    renameSync(`${file}.kept`, mark);
    const store = await openStore({ file });
    expect(store.notices[0]).toMatch(/^The session database was damaged\. It is kept as .*\.corrupt-/);
    const log = await store.sessions.readLog('one');
    expect(log.length).toBeGreaterThan(0);
    expect(log.some(({ entry }) => entry.type === 'lost') || log.length >= acknowledged.length).toBe(true);
    await store.close();
  });

  it('D16: a log that was deleted is missed: the messages that were in it alone are counted', async () => {
    const file = await newFile();
    const store = await openStore({ file });
    await store.sessions.openSession('one', '/work');
    await store.close();
    const acknowledged = await killed(file);
    rmSync(`${file}-wal`);
    rmSync(`${file}-shm`);
    const next = await openStore({ file });
    expect(next.notices).toEqual([
      expect.stringMatching(
        /^Victor was ended by force, and the last \d+ entries are missing from .*-wal deleted\?$/,
      ),
    ]);
    const missing = Number(/last (\d+) entries/.exec(next.notices[0]!)![1]);
    expect(missing).toBeGreaterThanOrEqual(acknowledged.length);
    await next.close();
    const later = await openStore({ file });
    expect(later.notices).toEqual([]);
    await later.close();
  });

  it('a log that another program has brought home in order is not missed', async () => {
    const file = await newFile();
    const acknowledged = await killed(file);
    withDatabase(file, (database) => database.prepare('SELECT count(*) FROM log').get());
    expect(existsSync(`${file}-wal`)).toBe(false);
    const store = await openStore({ file });
    expect(store.notices).toEqual([]);
    expect((await store.sessions.readLog('one')).length).toBeGreaterThanOrEqual(acknowledged.length);
    await store.close();
  });

  it('a database that is damaged while it is open elsewhere is not moved away from under it', async () => {
    const file = await newFile();
    await killed(file);
    const other = await openStore({ file });
    onTestFinished(() => other.close());
    withDatabase(file, (database) => database.pragma('wal_checkpoint(TRUNCATE)'));
    damage(file);
    writeFileSync(`${file}-open-2147483646-1`, '');
    const store = await openStore({ file });
    expect(store.notices[0]).toContain(`open in other processes (${process.pid})`);
    expect(readdirSync(dirname(file)).filter((name) => name.includes('.corrupt-'))).toEqual([]);
    await store.close();
  });

  it('D16: files that are deleted from under a running process lose nothing that it wrote', async () => {
    const file = await newFile();
    const store = await openStore({ file });
    const told: string[] = [];
    store.onNotice?.((text) => told.push(text));
    await store.sessions.openSession('one', '/work');
    for (const text of ['1', '2']) await store.sessions.appendLog('one', said(text));
    rmSync(`${file}-wal`);
    rmSync(`${file}-shm`);
    await store.sessions.appendLog('one', said('3'));
    expect(told).toEqual([expect.stringMatching(/were deleted or replaced .* is saved\.$/)]);
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix);
    await store.sessions.appendLog('one', said('4'));
    expect(told).toHaveLength(2);
    await store.close();
    expect(storedNumbers(file, 'one')).toEqual([1, 2, 3, 4]);
  });

  it('D16: a database that was copied without its log is read as far as it goes', async () => {
    const file = await newFile();
    const store = await openSqliteStore({ file });
    await store.sessions.openSession('one', '/work');
    for (let number = 1; number <= 40; number += 1)
      await store.sessions.appendLog('one', said(`${number} ${'x'.repeat(60_000)}`));
    const copy = await newFile();
    const bytes = readFileSync(file);
    await store.close();
    const other = await openStore({ file: copy });
    await other.close();
    writeFileSync(copy, bytes);
    const next = await openStore({ file: copy });
    const log = await next.sessions.readLog('one');
    const numbers = log.flatMap(({ entry }) =>
      entry.type === 'message' ? [Number.parseInt(entry.message.content, 10)] : [],
    );
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    await next.close();
  });
});
