import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startModelServer } from '../helpers/model-server.js';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, runVictor, temporaryDirectory } from '../helpers/run-victor.js';

const slow = { text: 'One line of the answer.\n'.repeat(400), chunks: 400, delayMs: 50 };

/** `victor chat` inside a shell in a terminal, as a user has it. */
async function inShell(redirection = '') {
  const server = await startModelServer([slow], { repeat: true });
  onTestFinished(() => server.close());
  const home = temporaryDirectory();
  const cwd = temporaryDirectory();
  const env = cleanEnvironment({
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: 'test-key',
    VICTOR_HOME: home,
    NO_COLOR: '1',
    PS1: 'shell> ',
  });
  const pty = startPty({ command: 'sh', args: ['-i'], cwd, env, columns: 100, rows: 30 });
  onTestFinished(async () => {
    pty.kill('SIGKILL');
    await pty.exit;
  });
  await pty.waitFor('shell>');
  const chat = `${process.execPath} ${launcher} chat`;
  pty.write(`${chat} ${redirection}\r`);
  await pty.waitFor('❯');
  const running = async () => {
    const shell = String(await pty.pid);
    return execFileSync('ps', ['-o', 'pid=', '--ppid', shell], { encoding: 'utf8' })
      .trim()
      .split('\n')[0]!
      .trim();
  };
  const pid = Number(await running());
  return { pty, pid, home, cwd, env, chat, server };
}

const isRunning = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function ended(pid: number): Promise<void> {
  for (let tries = 0; tries < 1_000 && isRunning(pid); tries += 1) await sleep(30);
  expect(isRunning(pid)).toBe(false);
}

describe('U03 a terminal that goes away', () => {
  it('in the middle of an answer ends the chat, and what was said is stored', async () => {
    const { pty, pid, home, cwd } = await inShell();
    pty.write('go\r');
    await pty.waitFor('One line of the answer.');
    // The shell goes first, and the terminal with it: writing to it is EIO from then on.
    pty.kill('SIGKILL');
    await pty.exit;
    await ended(pid);
    const { code, stdout } = await runVictor(['sessions', 'list', '--json'], {
      cwd,
      env: { VICTOR_HOME: home },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).sessions ?? JSON.parse(stdout)).toHaveLength(1);
    expect(stdout).toContain('go');
  });

  it('a chat without standard error goes on as always', async () => {
    const { pty } = await inShell('2>&-');
    pty.write('go\r');
    await pty.waitFor('One line of the answer.');
    pty.write('\u0003\u0003\u0003');
    await pty.waitFor(
      (screen) => screen.at(-1) === 'shell>' || screen.some((row) => /^shell>$/.test(row.trim())),
    );
  });
});

describe('U05 a chat that is killed', () => {
  it('leaves a terminal that is usable after `stty sane`, and the next one says so once', async () => {
    const { pty, pid, chat } = await inShell();
    pty.write('go\r');
    await pty.waitFor('One line of the answer.');
    process.kill(pid, 'SIGKILL');
    await pty.waitFor('Killed');
    // No key but this ends a line now.
    pty.write('stty sane; echo us""able\n');
    await pty.waitFor((screen) => screen.some((row) => row.includes('usable')));
    pty.write('clear; echo ag""ain\r');
    await pty.waitFor(/^again$/m);
    pty.write(`${chat}; clear; echo le""ft\r`);
    await pty.waitFor('Victor was killed before it could end');
    pty.write('\u0004');
    await pty.waitFor(/^left$/m);
    pty.write(`${chat}\r`);
    await pty.waitFor((screen) => screen.some((row) => row.startsWith('❯')));
    expect(pty.screen().join('\n')).not.toContain('was killed');
  });
});
