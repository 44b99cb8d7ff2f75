import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type Pty, startPty } from '../helpers/pty.js';
import { bundleProgram, type PtyProgram } from '../helpers/pty-program.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

const esc = '\u001b';
const enter = '\r';
const editor = new URL('programs/edit.sh', import.meta.url).pathname;

let program: PtyProgram;
const open: Pty[] = [];

beforeAll(async () => {
  program = await bundleProgram(new URL('programs/scripted-repl.ts', import.meta.url).pathname);
});
afterAll(async () => {
  for (const pty of open) pty.kill('SIGKILL');
  await Promise.all(open.map((pty) => pty.exit));
  await program.remove();
});

/** An interactive shell, which stops and continues jobs, with the REPL as one; `$modes` are the terminal's before. */
async function startJob(env: Readonly<Record<string, string>> = {}): Promise<Pty> {
  const pty = startPty({
    command: 'bash',
    args: ['--norc', '--noprofile', '-i'],
    columns: 90,
    rows: 24,
    env: {
      ...process.env,
      PS1: 'shell> ',
      HISTFILE: '/dev/null',
      NODE: process.execPath,
      FILE: program.file,
      ...env,
    },
  });
  open.push(pty);
  await pty.waitFor('shell>');
  pty.write('modes=$(stty -g); clear\r');
  await pty.waitFor((screen) => screen[0] === 'shell>');
  pty.write('"$NODE" "$FILE"\r');
  await pty.waitFor('❯');
  return pty;
}

/** Asks the shell whether the terminal is as it was. */
async function expectRestored(pty: Pty): Promise<void> {
  pty.write('[ "$modes" = "$(stty -g)" ] && echo "modes are" "the same"\r');
  await pty.waitFor('modes are the same');
  const bytes = pty.bytes().toString();
  expect(bytes.lastIndexOf(`${esc}[?2004l`)).toBeGreaterThan(0);
  expect(bytes.lastIndexOf(`${esc}[?25h`)).toBeGreaterThan(bytes.lastIndexOf(`${esc}[?25l`));
}

/** The process id of the REPL that is a job of this shell. */
async function jobOf(pty: Pty): Promise<number> {
  const shell = await pty.pid;
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(shell)], { encoding: 'utf8' });
  return Number(children.trim().split('\n')[0]);
}

function count(pty: Pty, line: string): number {
  return pty.history().filter((row) => row === line).length;
}

describe.concurrent('Ctrl+Z', () => {
  it('U04 hands the terminal to the shell, and fg brings all of it back', async () => {
    const pty = await startJob();
    pty.write('half a \u001athought');
    await pty.waitFor('Stopped');
    expect(pty.screen().join('\n')).toContain('Victor is suspended: fg brings it back.');
    expect(pty.screen().join('\n')).not.toContain('❯');
    await expectRestored(pty);
    pty.write('fg\r');
    await pty.waitFor('❯ half a thought');
    pty.write('!');
    await pty.waitFor('❯ half a thought!');
    pty.write('\u0003\u0003');
    await pty.waitFor('left session-one by choice');
    await expectRestored(pty);
  });

  it('draws for the size that the window has when the job goes on', async () => {
    const pty = await startJob();
    pty.write(`${'word '.repeat(17)}\u001a`);
    await pty.waitFor('Stopped');
    pty.resize(50, 20);
    pty.write('clear; fg\r');
    await pty.waitFor((screen) =>
      screen.some((line, at) => line.startsWith('❯ word') && screen[at + 1]?.startsWith('  word')),
    );
    expect(pty.screen().filter((line) => line.startsWith('❯'))).toHaveLength(1);
  });

  it('U04 in the middle of an answer loses no line of it', async () => {
    const pty = await startJob();
    pty.write(`lines 60 10${enter}`);
    await pty.waitFor('answer line 5');
    pty.write('\u001a');
    await pty.waitFor('Stopped');
    pty.write('fg\r');
    await pty.waitFor((screen) => screen.includes('answer line 60') && screen.includes('❯'));
    for (let line = 1; line <= 60; line += 1) expect(count(pty, `answer line ${line}`)).toBe(1);
  });

  it('U04 sent as SIGTSTP from elsewhere does the same, and so does going on after SIGSTOP', async () => {
    const pty = await startJob();
    const pid = await jobOf(pty);
    pty.write('kept');
    await pty.waitFor('❯ kept');
    for (const signal of ['SIGTSTP', 'SIGSTOP'] as const) {
      process.kill(pid, signal);
      await pty.waitFor('Stopped');
      pty.write('clear; fg\r');
      await pty.waitFor('❯ kept');
      pty.write('+\u007f');
      await pty.waitFor((screen) => screen.includes('❯ kept') && pty.cursor().column === 6);
    }
    process.kill(pid, 'SIGTERM');
    await pty.waitFor('left session-one SIGTERM');
    await expectRestored(pty);
  });
});

describe.concurrent('Ctrl+G', () => {
  it('gives the editor a terminal as the shell has it, and takes the text back', async () => {
    const seen = join(temporaryDirectory(), 'seen');
    const pty = await startJob({
      EDITOR: `sh ${editor}`,
      SEEN: seen,
      WRITES: 'from the editor\nin two lines\n',
    });
    pty.write(`look at ${esc}[200~${'pasted\n'.repeat(40)}${esc}[201~`);
    await pty.waitFor('❯ look at [Pasted text #1 · 40 lines]');
    pty.write('\u0007');
    await pty.waitFor((screen) => screen.join('\n').includes('❯ from the editor\n  in two lines\n'));
    const [modes = '', ...rest] = readFileSync(seen, 'utf8').split(/^(?=600\n700\n)/m);
    expect(modes).toMatch(/ icanon /);
    expect(modes).toMatch(/ echo /);
    expect(rest.join('')).toBe(`600\n700\nlook at ${'pasted\n'.repeat(40)}`);
    pty.write('\u001f!');
    await pty.waitFor('❯ look at [Pasted text #1 · 40 lines]!');
  });

  it('leaves the input alone when the editor fails, and says why', async () => {
    const seen = join(temporaryDirectory(), 'seen');
    const pty = await startJob({ VISUAL: `sh ${editor}`, SEEN: seen, HOW: 'fail', WRITES: '' });
    pty.write('my words\u0018\u0005');
    // Where the line breaks depends on the length of the path.
    await pty.waitFor(/edit\.sh\s+ended\s+with\s+code\s+3/);
    expect(pty.screen()).toContain('❯ my words');
  });

  it('U04 that is killed with the terminal in modes of its own leaves none of them behind', async () => {
    const seen = join(temporaryDirectory(), 'seen');
    const pty = await startJob({ EDITOR: `sh ${editor}`, SEEN: seen, HOW: 'die', WRITES: '' });
    pty.write('kept\u0007');
    await pty.waitFor('was ended by SIGKILL');
    pty.write('\u0003\u0003');
    await pty.waitFor('left session-one by choice');
    await expectRestored(pty);
  });

  it('works during a turn: what streams in waits, and Ctrl+C in the editor ends nothing of ours', async () => {
    const seen = join(temporaryDirectory(), 'seen');
    const pty = await startJob({ EDITOR: `sh ${editor}`, SEEN: seen, HOW: 'wait', WRITES: 'next' });
    pty.write(`lines 50 20${enter}`);
    await pty.waitFor('answer line 3');
    pty.write('\u0007');
    await until(() => existsSync(seen));
    // What was on its way when the editor began has arrived: the last of it shows the cursor.
    await until(() => pty.bytes().toString().endsWith(`${esc}[?25h`));
    const before = pty.bytes().length;
    process.kill(await jobOf(pty), 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(pty.bytes().length).toBe(before);
    writeFileSync(`${seen}.done`, '');
    await pty.waitFor((screen) => screen.includes('answer line 50') && screen.includes('❯ next'));
    for (let line = 1; line <= 50; line += 1) expect(count(pty, `answer line ${line}`)).toBe(1);
  });

  it('U04 SIGTERM takes the terminal back from the editor and leaves it as it was', async () => {
    const seen = join(temporaryDirectory(), 'seen');
    const pty = await startJob({ EDITOR: `sh ${editor}`, SEEN: seen, HOW: 'wait', WRITES: 'next' });
    pty.write('\u0007');
    await until(() => existsSync(seen));
    process.kill(await jobOf(pty), 'SIGTERM');
    await pty.waitFor('left session-one SIGTERM');
    await expectRestored(pty);
    writeFileSync(`${seen}.done`, '');
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 6_000 && !holds(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(holds()).toBe(true);
}
