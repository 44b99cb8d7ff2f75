import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { userMessage } from '../../src/core/message.js';
import { openStore } from '../../src/storage/open-store.js';
import { campaignLength, long } from '../helpers/campaign.js';
import { startModelServer } from '../helpers/model-server.js';
import { startPty } from '../helpers/pty.js';
import {
  cleanEnvironment,
  finish,
  launcher,
  runVictor,
  startVictor,
  temporaryDirectory,
} from '../helpers/run-victor.js';
import { runChild, startChild } from '../storage/child.js';
import { storedNumbers, withDatabase } from '../storage/database.js';

const fixture = (name: string) =>
  pathToFileURL(join(import.meta.dirname, '..', 'fixtures', 'storage', name)).href;
const said = (text: string) => ({ type: 'message', message: userMessage(text) }) as const;
const newFile = () => join(temporaryDirectory('victor-trouble-'), 'victor', 'victor.db');

async function environment(home: string) {
  const server = await startModelServer(() => ({
    text: 'An answer.',
    usage: { inputTokens: 7, outputTokens: 5 },
  }));
  onTestFinished(() => server.close());
  return { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key', VICTOR_HOME: home };
}

describe('D07: another process has the whole database for itself', () => {
  /** Half a minute, but for `npm test`. */
  const holdMs = campaignLength === 'short' ? 4_000 : 30_000;

  it('D07: the chat takes keys all the while, says after two seconds what it waits for, and loses nothing', async () => {
    const home = temporaryDirectory('victor-trouble-');
    const file = join(home, 'victor.db');
    const env = await environment(home);
    const args = [launcher, 'chat', '--session-id', 'chat'];
    const look = { cwd: temporaryDirectory(), columns: 120, rows: 30, env: cleanEnvironment(env) };
    const pty = startPty({ command: process.execPath, args, ...look });
    onTestFinished(async () => {
      pty.kill();
      await pty.exit;
    });
    await pty.waitFor('❯');
    pty.write('first\r');
    await pty.waitFor(/An answer\.[\s\S]*❯ *\n/);
    // Another writer, as sqlite3 in another terminal would be one.
    const holder = new Sqlite(file);
    holder.exec('BEGIN EXCLUSIVE');
    pty.write('second\r');
    await pty.waitFor('Another program holds the lock');
    pty.write('typed meanwhile');
    await pty.waitFor('typed meanwhile');
    await sleep(holdMs - 2_000);
    holder.exec('COMMIT');
    holder.close();
    await pty.waitFor(/second[\s\S]*An answer\.[\s\S]*typed meanwhile/);
    pty.kill();
    await pty.exit;
    const list = await runVictor(['sessions', 'list', '--json'], { env });
    expect(JSON.parse(list.stdout)).toMatchObject([{ id: 'chat', messages: 4 }]);
  });

  it('D07: a start waits too, says so, and finds everything', async () => {
    const file = newFile();
    const store = await openStore({ file });
    await store.sessions.openSession('one', '/work');
    await store.close();
    const holder = startChild('hold-lock.ts', [file]);
    await holder.ready;
    holder.go();
    while (holder.lines.length === 0) await sleep(5);
    const child = startVictor(['sessions', 'list', '--json'], { env: { VICTOR_HOME: dirname(file) } });
    const over = finish(child);
    // However long it took to start: it has seen the lock when it says so.
    await Promise.race([once(child.stderr!, 'data'), over]);
    await sleep(holdMs - 2_000);
    holder.go();
    const listed = await over;
    expect(listed).toMatchObject({ code: 0 });
    expect(listed.stderr).toMatch(
      /^victor: Another program holds the lock on .*victor\.db; victor waits for it\.\n$/,
    );
    expect(JSON.parse(listed.stdout)).toMatchObject([{ id: 'one' }]);
    expect(await holder.ended).toEqual(['locked', 'free']);
  });
});

describe('D15: the log beside readers', () => {
  const bytes = long ? 400e6 : 96e6;

  it('D15: it stays below 64 MB while somebody always reads, and is small when they are gone', async () => {
    const file = newFile();
    const store = await openStore({ file });
    await store.sessions.openSession('one', '/work');
    // Each begins before the one before it has ended, so that there is never a moment without one.
    const readers: Sqlite.Database[] = [];
    let turns = 0;
    const turn = () => {
      const reader = new Sqlite(file, { readonly: true });
      reader.exec('BEGIN');
      reader.prepare('SELECT count(*) FROM log').get();
      readers.push(reader);
      turns += 1;
      if (readers.length > 2) readers.shift()!.close();
    };
    const timer = setInterval(turn, 100);
    turn();
    onTestFinished(() => clearInterval(timer));
    let largest = 0;
    const text = 'x'.repeat(200_000);
    for (let written = 0; written < bytes; written += text.length) {
      await store.sessions.appendLog('one', said(text));
      largest = Math.max(largest, statSync(`${file}-wal`).size);
      // As between two answers: without a pause no reader would get its turn either.
      await sleep(5);
    }
    clearInterval(timer);
    for (const reader of readers) reader.close();
    for (let number = 0; number < 200 && statSync(`${file}-wal`).size > 8e6; number += 1) {
      await store.sessions.appendLog('one', said(text));
      await sleep(20);
    }
    const after = statSync(`${file}-wal`).size;
    await store.close();
    console.log(
      `${bytes / 1e6} MB written, the log was ${(largest / 1e6).toFixed(1)} MB at most, ${(after / 1e6).toFixed(1)} MB without readers`,
    );
    expect(turns).toBeGreaterThan(5);
    expect(largest).toBeLessThanOrEqual(64 * 1024 * 1024);
    expect(after).toBeLessThanOrEqual(8e6);
    expect(existsSync(`${file}-wal`)).toBe(false);
  }, 300_000);
});

describe('D18: ended while it writes', () => {
  it.each([
    ['a signal that nobody handles', 'none', null],
    ['process.exit in a handler', 'exit', 143],
    ['close in a handler', 'close', 143],
  ])('D18: by %s: what was acknowledged is there and nothing by half', async (_case, how, code) => {
    const file = newFile();
    const child = startChild('end-while-writing.ts', [file, how]);
    onTestFinished(() => void child.process.kill('SIGKILL'));
    await child.ready;
    child.go();
    while (child.lines.length < 10) await sleep(2);
    child.process.kill('SIGTERM');
    const lines = await child.ended;
    expect(child.process.exitCode).toBe(code);
    const closed = how !== 'none';
    // One that ends in order brings the log home and takes its mark back.
    expect(readdirSync(dirname(file)).filter((name) => /-wal|-open-/.test(name)).length === 0).toBe(closed);
    const numbers = lines.filter((line) => /^\d+$/.test(line)).map(Number);
    const stored = storedNumbers(file, 'one');
    expect(stored.slice(0, numbers.length)).toEqual(numbers);
    expect(stored.length - numbers.length).toBeLessThanOrEqual(1);
  });
});

describe('D05: homes that are no ordinary folder', () => {
  it('D05: on a network file system there is no log, and a line says what that means', async () => {
    const home = temporaryDirectory('victor-trouble-');
    const env = { ...(await environment(home)), NODE_OPTIONS: `--import=${fixture('network-disk.mjs')}` };
    const asked = await runVictor(['ask', 'hi', '--session-id', 's'], { env });
    expect(asked).toMatchObject({ code: 0, stdout: 'An answer.\n' });
    expect(asked.stderr).toMatch(
      /^victor: .* is on a network file system \(NFS\): use it from one machine at a time, or set VICTOR_HOME/,
    );
    expect(
      withDatabase(join(home, 'victor.db'), (database) => database.pragma('journal_mode', { simple: true })),
    ).toBe('delete');
    const again = await runVictor(['sessions', 'list', '--json'], { env });
    expect(JSON.parse(again.stdout)).toMatchObject([{ id: 's', messages: 2 }]);
    const lines = await runChild('append.ts', [join(home, 'victor.db'), 's', '3'], {
      preload: 'network-disk.mjs',
    });
    expect(lines.slice(-4)).toEqual(['1', '2', '3', 'closed']);
  });

  it('D05: in a home that can be read and not written a session is resumed, and goes on in memory', async () => {
    const file = newFile();
    const store = await openStore({ file });
    await store.sessions.openSession('one', '/work');
    await store.sessions.appendLog('one', said('hello'));
    await store.close();
    const [line = ''] = await runChild('open-read-only.ts', [file, 'one']);
    expect(JSON.parse(line)).toMatchObject({ resumed: 2, stored: ['new', 'one'] });
  });
});

describe('D19: the native module does not load', () => {
  it('D19: ask answers, says how to mend it, and --no-session has nothing to say', async () => {
    const home = temporaryDirectory('victor-trouble-');
    const env = {
      ...(await environment(home)),
      NODE_OPTIONS: `--import=${fixture('break-native-module.mjs')}`,
    };
    const asked = await runVictor(['ask', 'hi'], { env });
    expect(asked).toMatchObject({ code: 0, stdout: 'An answer.\n' });
    expect(asked.stderr).toMatch(
      /^victor: Sessions are kept in memory only .*better-sqlite3.*npm rebuild better-sqlite3/,
    );
    expect(await runVictor(['ask', 'hi', '--no-session'], { env })).toMatchObject({ code: 0, stderr: '' });
    const path = await runVictor(['db', 'path'], { env });
    expect(path).toMatchObject({ code: 0, stdout: `${join(home, 'victor.db')}\n` });
    rmSync(home, { recursive: true });
  });
});
