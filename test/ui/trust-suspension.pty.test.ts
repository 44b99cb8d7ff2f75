import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type Pty, startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, temporaryDirectory } from '../helpers/run-victor.js';

const question = 'Do you trust the files in this folder?';
// Where there is only ASCII the dots are other ones.
const keys = /t trust . r stay restricted . q quit/;

/** An interactive shell with a chat as its job, in a folder that asks for trust. */
async function startJob(env: Readonly<Record<string, string>> = {}): Promise<Pty> {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, '.victorrc'), 'tools: [./tool.mjs]\n');
  const pty = startPty({
    command: 'bash',
    args: ['--norc', '--noprofile', '-i'],
    cwd,
    columns: 90,
    rows: 24,
    env: cleanEnvironment({
      ...{ PS1: 'shell> ', HISTFILE: '/dev/null', NODE: process.execPath, FILE: launcher, NO_COLOR: '1' },
      ...{ VICTOR_HOME: temporaryDirectory(), ...env },
    }),
  });
  onTestFinished(async () => {
    pty.kill('SIGKILL');
    await pty.exit;
  });
  await pty.waitFor('shell>');
  pty.write('"$NODE" "$FILE" chat\r');
  await pty.waitFor(keys);
  return pty;
}

async function jobOf(pty: Pty): Promise<number> {
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(await pty.pid)], { encoding: 'utf8' });
  return Number(children.trim().split('\n')[0]);
}

const asked = (screen: readonly string[]) =>
  screen.some((row) => row.includes(question)) && screen.some((row) => keys.test(row));

it('Ctrl+Z leaves the shell the terminal while the question of trust is open, and fg asks it again', async () => {
  const pty = await startJob();
  pty.write('\u001a');
  await pty.waitFor('Victor is suspended: fg brings it back.');
  await pty.waitFor('Stopped');
  pty.write('stty -a | grep -o " icanon"; clear\r');
  await pty.waitFor((screen) => screen[0] === 'shell>' && !screen.join('').includes(question));
  pty.write('fg\r');
  await pty.waitFor(asked);
  await answer(pty);
});

it('going on after SIGSTOP asks the question of trust again', async () => {
  const pty = await startJob();
  process.kill(await jobOf(pty), 'SIGSTOP');
  await pty.waitFor('Stopped');
  pty.write('clear; fg\r');
  await pty.waitFor(asked);
  await answer(pty);
});

it('a terminal that only prints has the question printed again after Ctrl+Z', async () => {
  const pty = await startJob({ TERM: 'dumb' });
  pty.write('\u001a');
  await pty.waitFor('Stopped');
  pty.write('fg\r');
  const times = () => pty.history().join('\n').split(keys).length - 1;
  await pty.waitFor(() => times() === 2);
  expect(pty.history().join('\n').split(question)).toHaveLength(3);
  await answer(pty);
});

/** Until it is heeded: keys this soon after a question are those of somebody who has not read it. */
async function answer(pty: Pty): Promise<void> {
  const left = () => pty.history().join('\n').includes('Left.');
  await expect
    .poll(
      () => {
        if (!left()) pty.write('q');
        return left();
      },
      { timeout: 10_000, interval: 300 },
    )
    .toBe(true);
}
