import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Migration, migrate, migrations } from '../../src/storage/migrations.js';
import { openSqliteConnection } from '../../src/storage/sqlite-connection.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
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
      },
    ]);
    expect((await store.sessions.readLog('s1')).map(({ sequence, entry }) => [sequence, entry])).toEqual([
      [1, { type: 'message', message: { id: 'm1', role: 'user', content: 'fix the login' } }],
      [2, { type: 'message', message: { id: 'm2', role: 'assistant', content: 'done' } }],
    ]);
    expect(await store.analytics.readEvents('s1')).toHaveLength(1);
    expect((await store.checkpoints.getCheckpoint('c1'))?.before).toEqual(Uint8Array.of(1, 2));
    await store.sessions.appendLog('s1', { type: 'reset' });
    expect((await store.sessions.readLog('s1')).at(-1)?.sequence).toBe(3);
    await store.close();
    expect(pragma(file, 'user_version')).toBe(migrations.length);
  });

  it('carry an old database on and keep its rows', async () => {
    const file = await newFile();
    withDatabase(file, (database) => database.exec(version1));
    await run(file, later);
    expect(pragma(file, 'user_version')).toBe(later.length);
    const row = withDatabase(file, (database) => database.prepare('SELECT id, colour FROM sessions').all());
    expect(row).toEqual([{ id: 's1', colour: 'grey' }]);
  });

  it('leave the last good version when a step fails half-way', async () => {
    const file = await newFile();
    withDatabase(file, (database) => database.exec(version1));
    const broken = {
      version: later.length + 1,
      sql: 'CREATE TABLE half (a); INSERT INTO nowhere VALUES (1);',
    };
    await expect(run(file, [...later, broken])).rejects.toMatchObject({ code: 'storage' });
    expect(pragma(file, 'user_version')).toBe(later.length);
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
