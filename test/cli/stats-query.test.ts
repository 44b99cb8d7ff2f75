import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect } from 'vitest';
import { long } from '../helpers/campaign.js';
import { counted, daysAgo, storeCounted } from '../helpers/counted-events.js';
import { startPty } from '../helpers/pty.js';
import {
  cleanEnvironment,
  launcher,
  runShell,
  runVictor,
  temporaryDirectory,
} from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';
import { withDatabase } from '../storage/database.js';

describe('victor stats --sql', () => {
  const home = temporaryDirectory();
  const database = join(home, 'victor.db');
  const secret = 'sk-ant-0123456789abcdef';
  const query = (sql: string, ...args: string[]) =>
    runVictor(['stats', '--sql', sql, ...args], { env: { VICTOR_HOME: home }, timeoutMs: 120_000 });
  const stored = () =>
    withDatabase(database, (db) => [
      db.prepare('SELECT count(*), total(timestamp) FROM analytics_events').raw().get(),
      db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all(),
      db.pragma('user_version', { simple: true }),
      db.pragma('journal_mode', { simple: true }),
    ]);

  beforeAll(async () => {
    await storeCounted(home, [
      {
        id: 's',
        cwd: '/work',
        title: 'old',
        events: [counted(daysAgo(0), 'claude', 0.5)],
      },
      { id: 'u', cwd: '/work', title: '\u001b[31mred\u202e', events: [counted(daysAgo(0), 'other', null)] },
    ]);
    // Titles are kept without keys; of an older version there may be one with.
    withDatabase(database, (db) => db.prepare("UPDATE sessions SET title = ? WHERE id = 's'").run(secret));
  });

  it('answers a table, and an array of objects with --json; what is unknown is null, never 0', async () => {
    const sql = 'SELECT model, calls, cost_usd FROM daily_cost ORDER BY model';
    const { code, stdout, stderr } = await query(sql);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('model   calls  cost_usd\nclaude      1       0.5\nother       1      null\n');
    expect(JSON.parse((await query(sql, '--json')).stdout)).toEqual([
      { model: 'claude', calls: 1, cost_usd: 0.5 },
      { model: 'other', calls: 1, cost_usd: null },
    ]);
  });

  it('keeps every value whole: numbers that JSON would round, bytes, and columns of one name', async () => {
    const sql = "SELECT 9223372036854775807 AS big, -1 AS a, 2.5 AS a, x'00ff' AS bytes, 9e999 AS endless";
    const [row] = JSON.parse((await query(sql, '--json')).stdout);
    expect(row).toEqual({
      big: '9223372036854775807',
      a: -1,
      'a:1': 2.5,
      bytes: '00ff',
      endless: 'Infinity',
    });
    expect(JSON.parse((await query('SELECT 1 WHERE false', '--json')).stdout)).toEqual([]);
  });

  it('masks what looks like a key, says so, and lets no control character through', async () => {
    const masked = await query("SELECT title FROM sessions WHERE id = 's'");
    expect(masked.stdout).toBe('title\n[redacted]\n');
    expect(masked.stderr).toBe('victor: values with what looks like a key stand with [redacted]: 1\n');
    const { stdout } = await query("SELECT title FROM sessions WHERE id = 'u'");
    expect(stdout).toContain('red');
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
    expect((await query("SELECT title FROM sessions WHERE id = 'u'", '--json')).stdout).not.toMatch(
      /[\u001b\u202e]/,
    );
  });

  it('fits the terminal', async () => {
    const sql = 'SELECT id, cwd, cwd, created_at, updated_at, message_count, activity FROM sessions';
    const pty = startPty({
      command: process.execPath,
      args: [launcher, 'stats', '--sql', sql],
      columns: 40,
      env: cleanEnvironment({ VICTOR_HOME: home }),
    });
    expect(await pty.exit).toBe(0);
    const rows = pty.history().filter((row) => row !== '');
    expect(rows).toHaveLength(3);
  });

  it.each([
    ['a row', "INSERT INTO sessions (id, cwd, created_at, updated_at, activity) VALUES ('x', '/', 1, 1, 9)"],
    ['a row that is answered', "UPDATE sessions SET title = 'x' RETURNING title"],
    ['a deletion', 'DELETE FROM analytics_events'],
    ['a deletion behind a query', 'WITH all_of AS (SELECT id FROM sessions) DELETE FROM log'],
    ['a table', 'CREATE TABLE mine (a)'],
    ['a temporary table', 'CREATE TEMP TABLE mine (a)'],
    ['a view that goes', 'DROP VIEW daily_cost'],
    ['the journal', 'PRAGMA journal_mode = DELETE'],
    ['the version', 'PRAGMA user_version = 99'],
    ['the schema', 'PRAGMA writable_schema = 1'],
    ['a checkpoint', 'PRAGMA wal_checkpoint(TRUNCATE)'],
    ['the whole file', 'VACUUM'],
    ['an index', 'REINDEX'],
    ['a transaction', 'BEGIN IMMEDIATE'],
    ['two statements', 'SELECT 1; DELETE FROM sessions'],
  ])('changes nothing: %s', async (_case, sql) => {
    const before = stored();
    const { code, stdout, stderr } = await query(sql);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^victor: --sql: [^\n]+ One query that reads is run; [^\n]+\n$/);
    expect(stored()).toEqual(before);
  });

  it('every place that SQLite has for another database is taken', async () => {
    const sql = `SELECT compile_options AS option, (SELECT count(*) FROM pragma_database_list) AS databases
      FROM pragma_compile_options WHERE compile_options LIKE 'MAX_ATTACHED%'`;
    // The main one and ten others.
    expect(JSON.parse((await query(sql, '--json')).stdout)).toEqual([
      { option: 'MAX_ATTACHED=10', databases: 11 },
    ]);
  });

  it.each([
    ['another database', (folder: string) => `ATTACH '${folder}/victor.db' AS other`],
    ['a new database', (folder: string) => `ATTACH '${folder}/new.db' AS other`],
    ['a database in memory', () => "ATTACH ':memory:' AS other"],
    ['a copy of the whole database', (folder: string) => `VACUUM INTO '${folder}/copy.db'`],
    ['a library', (folder: string) => `SELECT load_extension('${folder}/library')`],
    ['a file', (folder: string) => `SELECT readfile('${folder}/victor.db')`],
    ['a file to write', (folder: string) => `SELECT writefile('${folder}/new.db', 'x')`],
  ])('opens nothing else: %s', async (_case, sqlFor) => {
    const folder = temporaryDirectory();
    await storeCounted(folder, [{ id: 'o', cwd: '/other', events: [] }]);
    const files = readdirSync(folder);
    const hash = () =>
      createHash('sha256')
        .update(readFileSync(join(folder, 'victor.db')))
        .digest('hex');
    const before = hash();
    const { code, stdout, stderr } = await query(sqlFor(folder));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^victor: --sql: /);
    expect(readdirSync(folder)).toEqual(files);
    expect(hash()).toBe(before);
  });

  it.each([
    ['a mistake, with what SQLite says of it', 'SELECT cots FROM daily_cost', /no such column: cots/],
    ['no statement', ' ', /no statements/],
    ['half a statement', 'SELECT (', /incomplete input/],
  ])('%s: exit code 2', async (_case, sql, message) => {
    const { code, stderr } = await query(sql);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('docs/analytics.md');
  });

  const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)';

  it('an answer without an end is cut after 10,000 rows, and says so', async () => {
    const { code, stdout, stderr } = await query(`${endless} SELECT i FROM n`, '--json');
    expect(code).toBe(0);
    const rows = JSON.parse(stdout);
    expect(rows).toHaveLength(10_000);
    expect(rows.at(-1)).toEqual({ i: 10_000 });
    expect(stderr).toMatch(/^victor: these are the first 10000 rows/);
    const wide = await query(`${endless} SELECT hex(zeroblob(1000000)) AS zeros FROM n`, '--json');
    expect(wide.stdout.length).toBeLessThan(25_000_000);
    expect(wide.stderr).toMatch(/^victor: these are the first \d+ rows/);
  });

  it('a query without an end is ended, and leaves no process behind', async () => {
    const { code, stdout, stderr, ms } = await query(`${endless} SELECT count(*) FROM n`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^victor: the query took more than 10 seconds of computing\./);
    // A hang limit, not a measurement.
    expect(ms).toBeLessThan(90_000);
  }, 150_000);

  it.runIf(long)(
    'a query without an end is ended although whoever asked is gone',
    async () => {
      const line = `running() { pgrep -f "^[^ ]+ \${VICTOR_LAUNCHER%/bin/*}/dist/query.js" | wc -l; }
      "$VICTOR_NODE" "$VICTOR_LAUNCHER" stats --sql '${endless} SELECT count(*) FROM n' &
      for _ in $(seq 50); do [ "$(running)" = 0 ] || break; sleep 0.2; done
      [ "$(running)" = 1 ] && kill -KILL $! || exit 3
      sleep 1; [ "$(running)" = 1 ] || exit 4
      for _ in $(seq 90); do [ "$(running)" = 0 ] && exit 0; sleep 1; done; exit 5`;
      const { code } = await runShell(line, { env: { VICTOR_HOME: home }, timeoutMs: 120_000 });
      expect(code).toBe(0);
    },
    150_000,
  );
});

describe('a history that cannot be read', () => {
  it.each([
    ['sums', []],
    ['a page', ['--html', 'out.html']],
    ['a query', ['--sql', 'SELECT 1']],
  ])('is no empty one: %s end with what is wrong and exit code 1', async (_case, args) => {
    const { code, stdout, stderr } = await runVictor(['stats', ...args], {
      env: { VICTOR_HOME: '/dev/null/victor' },
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^victor: Sessions are kept in memory only/),
      expect.stringMatching(/^victor: The folder of \/dev\/null\/victor\/victor\.db cannot be made/),
      '',
    ]);
  });
});

describe('what victor stats does not take', () => {
  it.each([
    ['a grouping that does not exist', ['--by', 'hour'], /model, tool, project, session, day/],
    ['a query and a grouping', ['--sql', 'SELECT 1', '--by', 'day'], /--sql .* cannot be used with .*--by/],
    ['a query and days', ['--sql', 'SELECT 1', '--days', '3'], /--sql .* cannot be used with .*--days/],
    ['a page and JSON', ['--html', 'out.html', '--json'], /--html .* cannot be used with .*--json/],
    ['no days', ['--days', '0'], /--days/],
  ])('%s: one line, exit code 2', async (_case, args, message) => {
    const { code, stdout, stderr } = await runVictor(['stats', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^victor: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });
});
