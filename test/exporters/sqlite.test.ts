import { lstat, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createSqliteExporter, type SqliteExporterOptions } from '../../src/exporters/sqlite.js';
import { makeWorkspace } from '../helpers/workspace.js';
import { events } from './events.js';

/** The rows as any other program sees them. */
function rowsOf(path: string): unknown[] {
  const database = new Sqlite(path, { readonly: true });
  try {
    const rows = database
      .prepare('SELECT id, session_id, type, data, timestamp FROM analytics_events ORDER BY rowid')
      .all() as { data: string }[];
    return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as unknown }));
  } finally {
    database.close();
  }
}

const rows = events.map(({ id, sessionId, type, data, timestamp }) => ({
  id,
  session_id: sessionId,
  type,
  data,
  timestamp,
}));

describe('sqlite exporter', () => {
  it('makes the database, for the owner only, and keeps an event that comes again once', async () => {
    const folder = await makeWorkspace();
    const exporter = createSqliteExporter({ path: 'a.db', baseDirectory: folder });
    expect(await exporter.export(events.slice(0, 2))).toEqual({ success: true, exportedCount: 2 });
    expect(await exporter.export(events)).toEqual({ success: true, exportedCount: 3 });
    expect(rowsOf(join(folder, 'a.db'))).toEqual(rows);
    expect((await lstat(join(folder, 'a.db'))).mode & 0o777).toBe(0o600);
    // Nothing is held open between exports.
    expect(await readdir(folder)).toEqual(['a.db']);
  });

  it("adds to a database of the user's own and leaves its other tables alone", async () => {
    const path = join(await makeWorkspace(), 'mine.db');
    const mine = new Sqlite(path);
    mine.exec('CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES (1)');
    mine.close();
    await createSqliteExporter({ path }).export(events);
    expect(rowsOf(path)).toEqual(rows);
    const database = new Sqlite(path, { readonly: true });
    expect(database.prepare('SELECT count(*) FROM notes').pluck().get()).toBe(1);
    database.close();
  });

  it('loses nothing when many exports run at once', async () => {
    const path = join(await makeWorkspace(), 'a.db');
    const exporters = [createSqliteExporter({ path }), createSqliteExporter({ path })];
    const batches = Array.from({ length: 10 }, (_, batch) =>
      Array.from({ length: 20 }, (_, index) => ({ ...events[0]!, id: `${batch}-${index}` })),
    );
    const results = await Promise.all(batches.map((batch, index) => exporters[index % 2]!.export(batch)));
    expect(results).toEqual(batches.map(() => ({ success: true, exportedCount: 20 })));
    expect(rowsOf(path)).toHaveLength(200);
  });

  it('makes no file for no events', async () => {
    const folder = await makeWorkspace();
    const exporter = createSqliteExporter({ path: 'a.db', baseDirectory: folder });
    expect(await exporter.export([])).toEqual({ success: true, exportedCount: 0 });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['a folder that is not there', async () => {}, 'missing/a.db', 'its folder does not exist'],
    ['a file that is no database', (path: string) => writeFile(path, 'plain text'), 'a.db', 'is damaged'],
    ['a link', (path: string) => symlink('/etc/hostname', path), 'a.db', 'symbolic link'],
    [
      'a table of that name with other columns',
      async (path: string) => {
        const database = new Sqlite(path);
        database.exec('CREATE TABLE analytics_events (one TEXT)');
        database.close();
      },
      'a.db',
      'could not be used',
    ],
  ])('answers with a reason and the path for %s', async (_case, prepare, name, text) => {
    const path = join(await makeWorkspace(), name);
    await prepare(path);
    const result = await createSqliteExporter({ path }).export(events);
    expect(result).toMatchObject({ success: false, exportedCount: 0 });
    expect(result.error).toContain(text);
    expect(result.error).toContain(path);
  });

  it('does not change a file that is no database', async () => {
    const path = join(await makeWorkspace({ 'a.db': 'plain text' }), 'a.db');
    await createSqliteExporter({ path }).export(events);
    expect(await readFile(path, 'utf8')).toBe('plain text');
  });

  it.each([
    [{}, /needs "path"/],
    [{ path: 'a', table: 'b' }, /no option "table"/],
  ])('is not made from %j', (options, text) => {
    expect(() => createSqliteExporter(options as SqliteExporterOptions)).toThrow(text);
  });
});
