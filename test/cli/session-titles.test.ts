import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect } from 'vitest';
import { userMessage } from '../../src/core/message.js';
import { chat } from '../helpers/chat-pty.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';
import { storeSession } from '../helpers/stored-session.js';

const shaped = 'sk-ant-api03-abcdefghijklmnopqrstuv';
const held = 'correct-horse-battery-staple';

/** Two sessions as an older version kept them, with keys in their titles. */
async function home(): Promise<string> {
  const directory = temporaryDirectory();
  const log = [{ type: 'message' as const, message: userMessage('a question') }];
  await storeSession(directory, 'one', log);
  await storeSession(directory, 'two', log);
  const database = new Database(join(directory, 'victor.db'));
  try {
    const rename = database.prepare('UPDATE sessions SET title = ?, updated_at = 1000 WHERE id = ?');
    rename.run(`call it with ${shaped}`, 'one');
    rename.run(`log in with ${held}`, 'two');
  } finally {
    database.close();
  }
  return directory;
}

describe('a title with a key in it', () => {
  it('is shown without it by every command, as text and as JSON, whether it looks like one or the shell has it', async () => {
    const directory = await home();
    const env = { VICTOR_HOME: directory, DEPLOY_TOKEN: held };
    const run = (...args: readonly string[]) => runVictor(args, { env, cwd: directory });
    for (const args of [
      ['sessions', 'list'],
      ['sessions', 'list', '--json'],
      ['sessions', 'search', 'question'],
      ['sessions', 'search', 'question', '--json'],
      ['sessions', 'show', 'two'],
      ['sessions', 'export', 'two', '--format', 'json'],
      ['sessions', 'export', 'two', '--format', 'md'],
      ['sessions', 'export', 'two', '--format', 'html'],
      ['sessions', 'prune', '--older-than', '1d'],
      ['__complete', '--', 'sessions', 'show', ''],
    ]) {
      const { stdout, stderr } = await run(...args);
      expect([args, stdout, stderr].join()).not.toMatch(/abcdefghijklmn|horse-battery/);
      expect([args.join(' '), stdout]).toEqual([
        args.join(' '),
        expect.stringContaining('log in with [redacted]'),
      ]);
    }
    expect((await run('sessions', 'rename', 'one', `now ${held}`)).stderr).toBe(
      'victor: renamed one to "now [redacted]"\n',
    );
    expect((await run('sessions', 'delete', 'two')).stderr).toContain('(log in with [redacted])');
    const files = readdirSync(directory).filter((name) => name.startsWith('victor.db'));
    const kept = files.map((name) => readFileSync(join(directory, name), 'latin1')).join('');
    expect(kept).not.toContain(`now ${held}`);
  });

  it('has none in the list that a chat chooses from, nor in what the chat says of a new name', async () => {
    const { pty, home: directory } = await chat([{ text: 'Answered.' }], [], {
      environment: { DEPLOY_TOKEN: held },
    });
    pty.write(`open ${held} and ${shaped}\r`);
    await pty.waitFor('Answered.');
    const env = { VICTOR_HOME: directory, DEPLOY_TOKEN: held };
    const stats = await runVictor(['stats', '--by', 'session', '--json'], { env });
    expect(stats.stdout).toContain('open [redacted] and [redacted]');
    pty.write('/sessions\r');
    const rows = await pty.waitFor('open [redacted] and [redacted]');
    expect(rows.filter((row) => row.includes('[redacted]')).join()).not.toMatch(/horse|abcdef/);
    pty.write('\u001b');
    await pty.waitFor((screen) => !screen.some((row) => row.includes('open [redacted]')));
    pty.write(`/rename the ${shaped}\r`);
    await pty.waitFor('This session is now called the [redacted].');
  });
});
