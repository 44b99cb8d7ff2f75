import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { type Migration, migrate, migrations } from '../../src/storage/migrations.js';
import { openSqliteConnection } from '../../src/storage/sqlite-connection.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { runChild, startChild } from './child.js';
import { withDatabase } from './database.js';
import { temporaryFolders } from './temporary-folder.js';

const version1 = await readFile(new URL('../fixtures/storage/version-1.sql', import.meta.url), 'utf8');

/** What a later version might add. */
const later: readonly Migration[] = [
  ...migrations,
  {
    version: migrations.length + 1,
    sql: "ALTER TABLE sessions ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey';",
  },
  { version: migrations.length + 2, sql: 'CREATE TABLE leases (session_id TEXT PRIMARY KEY); ' },
];

describe('migrations', () => {
  const temporaryFolder = temporaryFolders();
  const newFile = async () => {
    const file = join(await temporaryFolder(), 'victor.db');
    await writeFile(file, '');
    return file;
  };
  const run = async (file: string, list?: readonly Migration[]) => {
    const connection = await openSqliteConnection(file);
    try {
      await migrate(connection, list);
    } finally {
      await connection.close();
    }
  };
  const pragma = (file: string, name: string) =>
    withDatabase(file, (db) => db.pragma(name, { simple: true }));
  const schema = (file: string) =>
    withDatabase(file, (db) => db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all());

  it('are numbered from 1 without gaps', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it('make a blank database: WAL, our application id, the newest version', async () => {
    const file = await newFile();
    await run(file);
    expect(pragma(file, 'journal_mode')).toBe('wal');
    expect(pragma(file, 'application_id')).toBe(0x56494354);
    expect(pragma(file, 'user_version')).toBe(migrations.length);
    const before = schema(file);
    await run(file);
    expect(schema(file)).toEqual(before);
  });

  it('open a database of version 1 with everything in it', async () => {
    const file = await newFile();
    withDatabase(file, (database) => database.exec(version1));
    const store = await openSqliteStore({ file });
    expect(await store.sessions.listSessions()).toEqual([
      {
        id: 's1',
        title: 'fix the login',
        cwd: '/work',
        createdAt: 1_700_000_000_000,
        updatedAt: 1_700_000_001_000,
        messages: 2,
        tags: [],
      },
    ]);
    expect((await store.sessions.readLog('s1')).map(({ sequence, entry }) => [sequence, entry])).toEqual([
      [1, { type: 'message', message: { id: 'm1', role: 'user', content: 'fix the login' } }],
      [2, { type: 'message', message: { id: 'm2', role: 'assistant', content: 'done' } }],
    ]);
    expect(await store.analytics.readEvents('s1')).toHaveLength(1);
    const kept = await store.checkpoints.getCheckpoint('c1');
    expect(kept).toMatchObject({ path: '/work/a.ts', action: 'edit', sealed: true, logSequence: 1 });
    expect(kept?.after).toEqual({ hash: 'ff', mode: 0o644 });
    expect(await store.checkpoints.readContent(kept?.before.hash ?? '')).toEqual(Uint8Array.of(1, 2));
    await store.sessions.appendLog('s1', { type: 'reset' });
    expect((await store.sessions.readLog('s1')).at(-1)?.sequence).toBe(3);
    await store.close();
    expect(pragma(file, 'user_version')).toBe(migrations.length);
  });

  it('carry the undone changes of version 1 over as changes back, so that what was undone stays undone', async () => {
    const file = await newFile();
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    withDatabase(file, (database) => {
      database.exec(version1);
      const insert = database.prepare(
        "INSERT INTO checkpoints VALUES (?, ?, 's1', 't2', ?, ?, 420, ?, 1700000002000, ?)",
      );
      // One path: a to b, undone; a to c, undone; a to d. One whose edit never ended. One: b to c to d, both undone.
      insert.run(2, 'c2', '/work/x', Buffer.from('a'), hash('b'), 1);
      insert.run(3, 'c3', '/work/x', Buffer.from('a'), hash('c'), 1);
      insert.run(4, 'c4', '/work/x', Buffer.from('a'), hash('d'), 0);
      insert.run(5, 'c5', '/work/y', null, null, 0);
      insert.run(6, 'c6', '/work/z', Buffer.from('b'), hash('c'), 1);
      insert.run(7, 'c7', '/work/z', Buffer.from('c'), hash('d'), 1);
    });
    const store = await openSqliteStore({ file });
    const list = [...(await store.checkpoints.listCheckpoints('s1'))].reverse();
    const told = list.map(({ id, action, before, after, back, sealed }) => {
      return [id, action, before.hash?.slice(0, 4), after?.hash?.slice(0, 4), back, sealed];
    });
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((text) => hash(text).slice(0, 4));
    expect(told.slice(1)).toEqual([
      ['c2', 'edit', a, b, null, true],
      ['c2:undo', 'undo', b, a, 2, true],
      ['c3', 'edit', a, c, null, true],
      ['c3:undo', 'undo', c, a, 4, true],
      ['c4', 'edit', a, d, null, true],
      ['c5', 'edit', undefined, undefined, null, false],
      ['c6', 'edit', b, c, null, true],
      ['c7', 'edit', c, d, null, true],
      ['c7:undo', 'undo', d, c, 9, true],
      ['c6:undo', 'undo', c, b, 8, true],
    ]);
    expect(Buffer.from((await store.checkpoints.readContent(hash('a')))!).toString()).toBe('a');
    expect(await store.checkpoints.contentBytes()).toBe(5);
    await store.close();
  });

  it('carry an old database on and keep its rows', async () => {
    const file = await newFile();
    withDatabase(file, (database) => database.exec(version1));
    await run(file, later);
    expect(pragma(file, 'user_version')).toBe(later.length);
    const row = withDatabase(file, (database) => database.prepare('SELECT id, colour FROM sessions').all());
    expect(row).toEqual([{ id: 's1', colour: 'grey' }]);
  });

  it('keep a copy of a database that had something in it, with its log, and answer where', async () => {
    const file = await newFile();
    withDatabase(file, (database) => database.exec(version1));
    // A reader keeps the log from being emptied, so that the newest message is in it alone.
    const reader = new Sqlite(file);
    reader.exec('BEGIN; SELECT * FROM log');
    withDatabase(file, (database) =>
      database.exec(
        'INSERT INTO log SELECT session_id, 3, type, payload, created_at FROM log WHERE sequence = 2',
      ),
    );
    const connection = await openSqliteConnection(file);
    const copy = await migrate(connection, later);
    await connection.close();
    reader.close();
    expect(copy).toMatch(/victor\.db\.backup-1-\d{8}T\d{6}Z$/);
    expect((await stat(copy!)).mode & 0o777).toBe((await stat(file)).mode & 0o777);
    expect(pragma(copy!, 'user_version')).toBe(1);
    expect(pragma(copy!, 'integrity_check')).toBe('ok');
    expect(
      withDatabase(copy!, (db) => db.prepare('SELECT sequence FROM log ORDER BY sequence').pluck().all()),
    ).toEqual([1, 2, 3]);
  });

  it.runIf(process.platform === 'linux')(
    'keep the lock by which others know that the log is in use',
    async () => {
      const file = await newFile();
      withDatabase(file, (database) => database.exec(`PRAGMA journal_mode = WAL; ${version1}`));
      const connection = await openSqliteConnection(file);
      try {
        expect(await migrate(connection, later)).toMatch(/backup-1-/);
        const locks = (await readFile('/proc/locks', 'utf8')).split('\n');
        expect(locks.filter((line) => line.includes(` ${process.pid} `)).join('\n')).toContain(
          `:${(await stat(file)).ino} `,
        );
      } finally {
        await connection.close();
      }
    },
  );

  it('make no copy of a new database, nor of one that is up to date', async () => {
    const file = await newFile();
    for (const list of [later, later]) {
      const connection = await openSqliteConnection(file);
      expect(await migrate(connection, list)).toBeUndefined();
      await connection.close();
    }
    expect(await readdir(dirname(file))).toEqual(['victor.db']);
  });

  it('change nothing where there is no room for the copy', async () => {
    const file = await newFile();
    withDatabase(file, (database) => database.exec(version1));
    const [line] = await runChild('migrate.ts', [file, '0'], { limitKb: 4 });
    expect(line).toMatch(/^failed (input-output|full) /);
    expect(pragma(file, 'user_version')).toBe(1);
    expect(await readdir(dirname(file))).toEqual(['victor.db']);
  });

  it('of 20 processes that find an old database at once one changes it, and there is one copy', async () => {
    const file = await newFile();
    withDatabase(file, (database) => database.exec(version1));
    const children = Array.from({ length: 20 }, () => startChild('migrate.ts', [file, '0']));
    await Promise.all(children.map((child) => child.ready));
    for (const child of children) child.go();
    const lines = (await Promise.all(children.map((child) => child.ended))).flat();
    expect(lines.filter((line) => line.startsWith('migrated with copy'))).toHaveLength(1);
    expect(lines.filter((line) => line === 'migrated')).toHaveLength(19);
    expect((await readdir(dirname(file))).filter((name) => /\.backup-1-\d+T\d+Z$/.test(name))).toHaveLength(
      1,
    );
  });

  it('leave the old schema when a step fails half-way', async () => {
    const file = await newFile();
    withDatabase(file, (database) => database.exec(version1));
    const broken = {
      version: later.length + 1,
      sql: 'CREATE TABLE half (a); INSERT INTO nowhere VALUES (1);',
    };
    await expect(run(file, [...later, broken])).rejects.toMatchObject({ code: 'storage' });
    expect(pragma(file, 'user_version')).toBe(1);
    expect(
      withDatabase(file, (db) => db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get()),
    ).toBeUndefined();
  });

  it('D08: refuse a newer schema, say what to do, and leave the file as it is', async () => {
    const file = await newFile();
    await run(file, later);
    const bytes = await readFile(file);
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      code: 'storage',
      reason: 'newer-schema',
      message: expect.stringContaining(`schema ${later.length}`),
      advice: expect.stringContaining('Update victor'),
    });
    expect(await readFile(file)).toEqual(bytes);
  });

  it.each([
    [
      'with an application id of its own',
      'PRAGMA application_id = 7; PRAGMA user_version = 1; CREATE TABLE theirs (a);',
    ],
    ['with tables and no mark', 'CREATE TABLE theirs (a);'],
    ['with only a version', 'PRAGMA user_version = 1;'],
  ])("refuse another program's database %s, and leave it as it is", async (_case, sql) => {
    const file = await newFile();
    withDatabase(file, (database) => database.exec(sql));
    const bytes = await readFile(file);
    await expect(openSqliteStore({ file })).rejects.toMatchObject({ code: 'storage', reason: 'foreign' });
    expect(await readFile(file)).toEqual(bytes);
  });
});
