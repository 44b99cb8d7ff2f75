import { mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { userMessage } from '../../src/core/message.js';
import type { Store } from '../../src/core/store.js';
import { openStore } from '../../src/storage/open-store.js';
import { runChild, startChild } from './child.js';
import { withDatabase } from './database.js';
import { temporaryFolders } from './temporary-folder.js';

describe('openStore', () => {
  const temporaryFolder = temporaryFolders();
  const newFile = async () => join(await temporaryFolder(), 'victor', 'victor.db');

  /** A store with one session in it. */
  const filled = async (file: string): Promise<Store> => {
    const store = await openStore({ file });
    await store.sessions.openSession('one', '/work');
    await store.sessions.appendLog('one', { type: 'message', message: userMessage('hello') });
    return store;
  };
  const namesIn = (folder: string) => readdir(folder).then((names) => names.sort());
  const expectUsable = async (store: Store) => {
    await store.sessions.openSession('new', '/work');
    await store.sessions.appendLog('new', { type: 'message', message: userMessage('hello') });
    expect(await store.sessions.readLog('new')).toHaveLength(1);
  };

  it('keeps what it is given for the next process, without a notice', async () => {
    const file = await newFile();
    await (await filled(file)).close();
    const store = await openStore({ file });
    expect(store.notices).toEqual([]);
    expect(await store.sessions.readLog('one')).toHaveLength(1);
    await store.close();
    expect(await namesIn(dirname(file))).toEqual(['victor.db']);
  });

  it.each([
    ['garbage', async (file: string) => writeFile(file, 'this is no database, '.repeat(500))],
    [
      'a damaged schema page',
      async (file: string) => {
        const bytes = await readFile(file);
        bytes.fill(0xff, 100, 2_000);
        await writeFile(file, bytes);
      },
    ],
    [
      'a file cut to a third',
      async (file: string) => {
        const bytes = await readFile(file);
        await writeFile(file, bytes.subarray(0, Math.floor(bytes.length / 3)));
      },
    ],
  ])('D06: moves %s aside with a notice, deletes nothing and begins anew', async (_case, damage) => {
    const file = await newFile();
    await (await filled(file)).close();
    await damage(file);
    const damaged = await readFile(file);

    const store = await openStore({ file });
    expect(store.notices).toHaveLength(1);
    const aside = (await namesIn(dirname(file))).find((name) => name.includes('.corrupt-'))!;
    expect(store.notices[0]).toContain(join(dirname(file), aside));
    expect(aside).toMatch(/^victor\.db\.corrupt-\d{8}T\d{6}Z$/);
    expect(await readFile(join(dirname(file), aside))).toEqual(damaged);
    await expectUsable(store);
    await store.close();

    const next = await openStore({ file });
    expect(next.notices).toEqual([]);
    await next.close();
  });

  it('D16: a log that has lost its database is moved aside, not dropped', async () => {
    const file = await newFile();
    const store = await filled(file);
    const log = await readFile(`${file}-wal`);
    expect(log.length).toBeGreaterThan(0);
    await store.close();
    await rm(file);
    await writeFile(`${file}-wal`, log);

    const next = await openStore({ file });
    expect(next.notices).toHaveLength(1);
    const aside = (await namesIn(dirname(file))).find((name) => name.includes('.corrupt-'))!;
    expect(await readFile(join(dirname(file), aside))).toEqual(log);
    await expectUsable(next);
    await next.close();
  });

  it('D06: of 6 processes that find the damaged file at once one moves it, and all use the new one', async () => {
    const file = await newFile();
    await mkdir(dirname(file), { mode: 0o700 });
    await writeFile(file, 'this is no database, '.repeat(500), { mode: 0o600 });
    const children = Array.from({ length: 6 }, () => startChild('open.ts', [file]));
    await Promise.all(children.map((child) => child.ready));
    for (const child of children) child.go();
    const notices: string[] = [];
    for (const child of children) notices.push(...JSON.parse((await child.ended)[0] ?? '').notices);
    expect(notices, notices.join('\n')).toHaveLength(1);
    const names = await namesIn(dirname(file));
    expect(names).toEqual(['victor.db', expect.stringMatching(/^victor\.db\.corrupt-[^-]+$/)]);
    expect(withDatabase(file, (db) => db.prepare('SELECT count(*) FROM sessions').pluck().get())).toBe(6);
  });

  it('D06: a file that another process has replaced in the meantime is used, not moved', async () => {
    const file = await newFile();
    await (await filled(file)).close();
    await rename(file, `${file}.good`);
    await writeFile(file, 'this is no database, '.repeat(500), { mode: 0o600 });
    await writeFile(`${file}.lock`, '');
    const opening = openStore({ file });
    // Long enough for it to have found the damage and to wait for the lock.
    await new Promise((resolve) => setTimeout(resolve, 150));
    await rename(`${file}.good`, file);
    await rm(`${file}.lock`);
    const store = await opening;
    expect(store.notices).toEqual([]);
    expect(await store.sessions.readLog('one')).toHaveLength(1);
    await store.close();
    expect(await namesIn(dirname(file))).toEqual(['victor.db']);
  });

  it('D06: a lock that a dead process left does not stand in the way', async () => {
    const file = await newFile();
    await mkdir(dirname(file), { mode: 0o700 });
    await writeFile(file, 'this is no database, '.repeat(500), { mode: 0o600 });
    await writeFile(`${file}.lock`, '');
    await utimes(`${file}.lock`, 1_700_000_000, 1_700_000_000);
    const store = await openStore({ file });
    expect(store.notices[0]).toContain('.corrupt-');
    await expectUsable(store);
    await store.close();
    expect(await namesIn(dirname(file))).toEqual(['victor.db', expect.stringContaining('.corrupt-')]);
  });

  it('opens an empty file as a new database', async () => {
    const file = await newFile();
    await mkdir(dirname(file), { mode: 0o700 });
    await writeFile(file, '', { mode: 0o600 });
    const store = await openStore({ file });
    expect(store.notices).toEqual([]);
    await expectUsable(store);
    await store.close();
  });

  it('D08: rejects on a newer schema instead of hiding the history behind an empty store', async () => {
    const file = await newFile();
    await (await filled(file)).close();
    withDatabase(file, (database) => database.pragma('user_version = 999'));
    await expect(openStore({ file })).rejects.toMatchObject({ code: 'storage', reason: 'newer-schema' });
    expect(await namesIn(dirname(file))).toEqual(['victor.db']);
  });

  it.each([
    [
      'D05: a folder that cannot be made',
      async (file: string) => writeFile(dirname(file), 'a file where the folder should be'),
      /cannot be made.*VICTOR_HOME/,
    ],
    [
      'D05: a folder in the place of the file',
      async (file: string) => mkdir(file, { recursive: true, mode: 0o700 }).then(() => {}),
      /not a regular file/,
    ],
    [
      'D16: a link in the place of the file',
      async (file: string) => {
        await (await filled(file)).close();
        await rename(file, `${file}.real`);
        await symlink(`${file}.real`, file);
      },
      /not a regular file/,
    ],
  ])('%s: sessions live in memory and one line says why and what to do', async (_case, spoil, text) => {
    const file = await newFile();
    await spoil(file);
    const store = await openStore({ file });
    expect(store.notices).toHaveLength(1);
    expect(store.notices[0]).toMatch(/^Sessions are kept in memory only/);
    expect(store.notices[0]).toMatch(text);
    expect(store.notices[0]).not.toContain('\n');
    await expectUsable(store);
    await store.close();
  });

  it('D05: a read-only folder: sessions live in memory, and the stored ones stay as they are', async () => {
    const file = await newFile();
    await (await filled(file)).close();
    const bytes = await readFile(file);
    const [line = ''] = await runChild('open-read-only.ts', [file]);
    expect(JSON.parse(line)).toEqual([
      expect.stringMatching(/^Sessions are kept in memory only.*your permissions/),
    ]);
    expect(await readFile(file)).toEqual(bytes);
    const names = await namesIn(dirname(file));
    expect(names.filter((name) => name.startsWith('victor.db'))).toEqual(['victor.db']);
  });

  it('D04: no file can be written at all: sessions live in memory', async () => {
    const file = await newFile();
    const [line = ''] = await runChild('open.ts', [file], { limitKb: 0 });
    const { notices, listed } = JSON.parse(line);
    expect(notices).toEqual([expect.stringMatching(/^Sessions are kept in memory only.*VICTOR_HOME/)]);
    expect(listed).toBe(1);
  });

  it('D19: the native module does not load: sessions live in memory and the notice names the fix', async () => {
    const file = await newFile();
    const [line = ''] = await runChild('open.ts', [file], { preload: 'break-native-module.mjs' });
    const { notices, listed } = JSON.parse(line);
    expect(notices).toEqual([expect.stringMatching(/better-sqlite3.*npm rebuild better-sqlite3/)]);
    expect(notices[0]).not.toContain('\n');
    expect(listed).toBe(1);
  });
});
