import {
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { userMessage } from '../../src/core/message.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';
import { startChild } from '../storage/child.js';
import { withDatabase } from '../storage/database.js';

/** A home with one session of so many messages. */
async function home(
  messages = 3,
): Promise<{ file: string; victor: (...args: string[]) => ReturnType<typeof runVictor> }> {
  const folder = temporaryDirectory('victor-database-');
  const file = join(folder, 'victor.db');
  const store = await openSqliteStore({ file });
  await store.sessions.openSession('one', '/work');
  for (let number = 1; number <= messages; number += 1)
    await store.sessions.appendLog('one', {
      type: 'message',
      message: userMessage(`${number} ${'x'.repeat(9_000)}`),
    });
  await store.close();
  return { file, victor: (...args) => runVictor(args, { env: { VICTOR_HOME: folder } }) };
}

function damage(file: string): void {
  const { size } = statSync(file);
  writeSync(openSync(file, 'r+'), Buffer.alloc(8_192, 0xff), 0, 8_192, Math.floor(size / 8_192) * 4_096);
}

describe('victor db', () => {
  it('path says where the database is, also before there is one', async () => {
    const { file, victor } = await home();
    expect(await victor('db', 'path')).toMatchObject({ code: 0, stdout: `${file}\n`, stderr: '' });
    const empty = temporaryDirectory();
    const { stdout } = await runVictor(['db', 'path', '--json'], { env: { VICTOR_HOME: empty } });
    expect(JSON.parse(stdout)).toEqual({
      path: join(empty, 'victor.db'),
      exists: false,
      bytes: 0,
      log_bytes: 0,
    });
    expect(readdirSync(empty)).toEqual([]);
  });

  it.each([['check'], ['backup'], ['vacuum']])(
    '%s says that there is no database yet, and makes none',
    async (name) => {
      const empty = temporaryDirectory();
      const { code, stderr } = await runVictor(['db', name], { env: { VICTOR_HOME: empty } });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^victor: there is no session database at .*victor\.db yet\. .*makes it\.\n$/);
      expect(readdirSync(empty)).toEqual([]);
    },
  );

  it('check counts what is there and answers 0', async () => {
    const { file, victor } = await home();
    const text = await victor('db', 'check');
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(
      /every page is intact and it can be written\nschema \d+, 1 sessions with 3 messages, \d+ kB and \d+ kB of log\n$/,
    );
    const { stdout } = await victor('db', 'check', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      path: file,
      intact: true,
      sessions: 1,
      messages: 3,
      unreadable: 0,
    });
  });

  it('check answers 1 for a damaged page, and the next victor saves what can be read', async () => {
    const { file, victor } = await home(20);
    damage(file);
    const json = await victor('db', 'check', '--json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toEqual({ path: file, intact: false, problem: `${file} is damaged.` });
    const text = await victor('db', 'check');
    expect(text).toMatchObject({ code: 1, stdout: '' });
    expect(text.stderr).toMatch(/is damaged\. The next victor .* saves what can be read\.\n$/);
    const list = await victor('sessions', 'list');
    expect(list.code).toBe(0);
    expect(list.stderr).toMatch(/kept as .*\.corrupt-.* 1 sessions with \d+ messages were read from it/);
    expect(list.stdout).toContain('one');
    expect((await victor('db', 'check')).code).toBe(0);
  });

  it('check answers 1 for an entry that cannot be read although every page is sound', async () => {
    const { file, victor } = await home();
    withDatabase(file, (database) => database.exec("UPDATE log SET payload = '{' WHERE sequence = 2"));
    const { code, stdout, stderr } = await victor('db', 'check', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ intact: false, messages: 2, unreadable: 1 });
    expect(stderr).toContain('1 entries of sessions cannot be read');
    const shown = await victor('sessions', 'show', 'one');
    expect(shown.stdout).toContain('*Entries that could not be read any more: 1*');
  });

  it('backup copies what is written by a process that runs, into a private file, and never over another', async () => {
    const { file, victor } = await home();
    const child = startChild('append.ts', [file, 'two', '100000']);
    await child.ready;
    child.go();
    while (child.lines.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
    const named = join(temporaryDirectory(), 'copy.db');
    const result = await victor('db', 'backup', named, '--json');
    child.process.kill('SIGKILL');
    await child.ended;
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toEqual({ path: named, bytes: statSync(named).size });
    expect(statSync(named).mode & 0o777).toBe(0o600);
    withDatabase(named, (database) => {
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      const count = (id: string) =>
        database.prepare('SELECT count(*) FROM log WHERE session_id = ?').pluck().get(id) as number;
      expect(count('one')).toBe(3);
      expect(count('two')).toBeGreaterThanOrEqual(20);
    });
    const bytes = readFileSync(named);
    expect(await victor('db', 'backup', named)).toMatchObject({
      code: 2,
      stderr: `victor: ${named} exists already. Name another file.\n`,
    });
    expect(readFileSync(named)).toEqual(bytes);
    const beside = await victor('db', 'backup');
    expect(beside.stdout).toMatch(/victor\.db\.backup-\d{8}T\d{6}Z\n$/);
    expect(existsSync(beside.stdout.trim())).toBe(true);
    expect((await victor('db', 'backup', '/nowhere/at/all')).code).toBe(2);
  });

  it('vacuum gives room back, and waits for nobody', async () => {
    const { file, victor } = await home(200);
    withDatabase(file, (database) => database.exec('DELETE FROM log WHERE sequence > 10'));
    const before = statSync(file).size;
    const { code, stdout } = await victor('db', 'vacuum', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ path: file, bytes: statSync(file).size });
    expect(report.bytes_before).toBeGreaterThanOrEqual(before);
    expect(statSync(file).size).toBeLessThan(before / 4);
    expect((await victor('db', 'vacuum')).stdout).toMatch(/victor\.db: \d+ kB before, \d+ kB now\n$/);
    const other = await openSqliteStore({ file });
    const refused = await victor('db', 'vacuum');
    await other.close();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`is open in other processes (${process.pid}). End them`);
  });
});

describe('D08: a database of a newer version', () => {
  it('is refused with exit code 2 and untouched, and read with --read-only', async () => {
    const { file, victor } = await home();
    withDatabase(file, (database) => database.pragma('user_version = 999'));
    const bytes = readFileSync(file);
    for (const args of [
      ['sessions', 'list'],
      ['ask', 'hi', '--session-id', 'one'],
      ['db', 'check'],
    ]) {
      const { code, stdout, stderr } = await victor(...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(
        /written by a newer version of victor \(schema 999, this one knows \d+\)\. Update victor\..*--read-only/,
      );
    }
    const list = await victor('sessions', 'list', '--read-only', '--json');
    expect(list.code).toBe(0);
    expect(JSON.parse(list.stdout)).toMatchObject([{ id: 'one', messages: 3 }]);
    expect((await victor('sessions', 'export', 'one', '--read-only')).stdout).toContain('## You');
    expect((await victor('sessions', 'show', 'o', '--read-only')).code).toBe(0);
    expect((await victor('ask', 'hi', '--no-session')).code).toBe(0);
    expect(readFileSync(file)).toEqual(bytes);
  });

  it('one of version 1 is read with --read-only and stays as it is', async () => {
    const folder = temporaryDirectory();
    const file = join(folder, 'victor.db');
    const version1 = readFileSync(join(import.meta.dirname, '../fixtures/storage/version-1.sql'), 'utf8');
    withDatabase(file, (database) => database.exec(version1));
    const bytes = readFileSync(file);
    const list = await runVictor(['sessions', 'list', '--read-only', '--json'], {
      env: { VICTOR_HOME: folder },
    });
    expect(list).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(list.stdout)).toMatchObject([{ id: 's1', messages: 2, tags: [] }]);
    expect(readFileSync(file)).toEqual(bytes);
  });

  it('--read-only without a database says so', async () => {
    const folder = temporaryDirectory();
    mkdirSync(join(folder, 'other'));
    writeFileSync(join(folder, 'other', 'x'), '');
    const result = await runVictor(['sessions', 'list', '--read-only'], { env: { VICTOR_HOME: folder } });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain('There is no session database at');
  });
});
