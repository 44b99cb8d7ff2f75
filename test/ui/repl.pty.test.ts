import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type Pty, startPty } from '../helpers/pty.js';
import { bundleProgram, type PtyProgram } from '../helpers/pty-program.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

const esc = '\u001b';
const enter = '\r';

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

/** A REPL whose input line is on the screen; around it a shell that tells whether the terminal was restored. */
async function start(
  options: { args?: string[]; columns?: number; rows?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Pty> {
  const { args = [], columns = 80, rows = 24, env = process.env } = options;
  const script =
    'before=$(stty -g); "$@"; code=$?; [ "$before" = "$(stty -g)" ] && echo "restored $code" || echo "broken $code"';
  const pty = startPty({
    command: 'sh',
    args: ['-c', script, 'sh', process.execPath, program.file, ...args],
    columns,
    rows,
    env,
  });
  open.push(pty);
  await pty.waitFor('❯');
  return pty;
}

/** The process id of the REPL inside its shell. */
async function replPid(pty: Pty): Promise<number> {
  const { execFileSync } = await import('node:child_process');
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(await pty.pid)], { encoding: 'utf8' });
  return Number(children.trim().split('\n')[0]);
}

function count(pty: Pty, line: string): number {
  return pty.history().filter((row) => row === line).length;
}

/** What a program must not write while it only adds to the transcript: it wipes the screen or the scrollback. */
function wipes(pty: Pty): number {
  return (
    pty
      .bytes()
      .toString()
      .match(/\u001b\[[23]J|\u001bc/g)?.length ?? 0
  );
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe.concurrent('typing', () => {
  it('echoes at the cursor, edits, and breaks lines without sending', async () => {
    const pty = await start();
    pty.write('helo');
    await pty.waitFor('❯ helo');
    pty.write(`${esc}[Dl`);
    await pty.waitFor('❯ hello');
    const row = pty.screen().findIndex((line) => line.includes('❯ hello'));
    expect(pty.cursor()).toEqual({ column: 6, row });
    pty.write('\u0005\n');
    await pty.waitFor(/❯ hello\n\n/);
    pty.write(`second\\${enter}`);
    await pty.waitFor((rows) => rows.includes('  second'));
    pty.write(`third${esc}${enter}fourth${esc}[13;2ufifth`);
    const screen = await pty.waitFor('  fifth');
    expect(screen.slice(row, row + 5)).toEqual(['❯ hello', '  second', '  third', '  fourth', '  fifth']);
  });

  it('goes on after Ctrl+Z where no shell could bring it back', async () => {
    const pty = await start();
    pty.write('one\u001atwo');
    await pty.waitFor('No shell would bring Victor back');
    pty.write(' three');
    await pty.waitFor('❯ onetwo three');
  });

  it('U06 takes a paste as one insert that is not sent, without its escape sequences', async () => {
    const pty = await start();
    pty.write(`say: ${esc}[200~one\rtwo${esc}[31m red${enter}${esc}[201~!`);
    const screen = await pty.waitFor('  !');
    expect(screen.join('\n')).toContain('❯ say: one\n  two red\n  !');
  });

  it('U06 takes lines that come at once without marks as one insert that is not sent', async () => {
    const pty = await start();
    pty.write('one\rtwo\rthree\r');
    await pty.waitFor((screen) => screen.join('\n').includes('❯ one\n  two\n  three\n'));
    pty.write('end');
    await pty.waitFor('  end');
    expect(pty.history().filter((row) => row.startsWith('❯'))).toHaveLength(1);
  });

  it('U06 survives a paste of a megabyte', async () => {
    const pty = await start();
    const line = `${'x'.repeat(63)}\r`;
    pty.write(`${esc}[200~${line.repeat(16_384)}${esc}[201~the end`);
    await pty.waitFor('the end');
    pty.write('\u0003');
    await pty.waitFor(/❯\s*\n/);
    pty.write('still here');
    await pty.waitFor('❯ still here');
  });

  it('completes commands, remembers messages and clears on Escape twice', async () => {
    const pty = await start();
    pty.write('/mo');
    await pty.waitFor('❯ /model [name]');
    pty.write(`${esc}[B`);
    await pty.waitFor('❯ /mode [mode]');
    pty.write('\t');
    await pty.waitFor('❯ ask ');
    pty.write('pl\t\r');
    await pty.waitFor('The mode is plan.');
    pty.write(`${esc}[A`);
    await pty.waitFor(/❯ \/mode plan\n(?!.*The mode)/);
    pty.write(esc);
    await pty.waitFor('Press Esc again to clear the input.');
    pty.write(esc);
    await pty.waitFor((screen) => screen.includes('❯'));
  });
});

describe.concurrent('an answer', () => {
  it('lands in the scrollback line by line, each exactly once, and wipes nothing', async () => {
    const pty = await start({ rows: 12 });
    pty.write(`lines 300 1${enter}`);
    await pty.waitFor('answer line 300');
    await pty.waitFor((screen) => !screen.join('\n').includes('Answering'));
    for (let line = 1; line <= 300; line += 1) expect(count(pty, `answer line ${line}`)).toBe(1);
    expect(count(pty, '❯ lines 300 1')).toBe(1);
    expect(wipes(pty)).toBe(0);
  });

  it('that comes all at once is whole too, though taller than the screen', async () => {
    const pty = await start({ rows: 10 });
    pty.write(`lines 200${enter}`);
    await pty.waitFor('answer line 200');
    for (let line = 1; line <= 200; line += 1) expect(count(pty, `answer line ${line}`)).toBe(1);
    expect(wipes(pty)).toBe(0);
  });

  it('can be typed over while it streams: the message waits and is then sent', async () => {
    const pty = await start();
    const go = join(temporaryDirectory(), 'go');
    pty.write(`until ${go}${enter}`);
    await pty.waitFor('answer line 5');
    pty.write(`lines 2${enter}`);
    await pty.waitFor('queued: lines 2');
    writeFileSync(go, '');
    await pty.waitFor((screen) => !screen.join('\n').includes('queued:') && screen.includes('❯ lines 2'));
    await pty.waitFor((screen) => screen.includes('❯'));
    expect(count(pty, 'answer line 5')).toBe(1);
    expect(count(pty, 'answer line 2')).toBe(2);
  });

  it('is interrupted by Escape, keeps what was said, and the next message is answered', async () => {
    const pty = await start();
    pty.write(`slow${enter}`);
    await pty.waitFor('This is only the begin');
    pty.write(esc);
    await pty.waitFor('Interrupted.');
    expect(count(pty, 'This is only the begin')).toBe(1);
    pty.write(`lines 1${enter}`);
    await pty.waitFor('answer line 1');
  });

  it('interrupted with a message queued behind it puts that back into the input, and says so', async () => {
    const pty = await start();
    pty.write(`slow${enter}`);
    await pty.waitFor('This is only the begin');
    pty.write(`lines 2${enter}`);
    await pty.waitFor('queued: lines 2');
    pty.write(esc);
    await pty.waitFor('Interrupted.');
    await pty.waitFor('back in the input');
    expect(pty.screen()).toContain('❯ lines 2');
  });

  it('that fails says so, and the message can be had again', async () => {
    const pty = await start();
    pty.write(`fail${enter}`);
    await pty.waitFor('✗ the server said no');
    await pty.waitFor('press Up to have it again');
    pty.write(`${esc}[A`);
    await pty.waitFor(/❯ fail\n(?=[^❯]*$)/);
  });

  it('E01 E02 E05 controls nothing on the terminal, though its sequences come in pieces', async () => {
    const pty = await start();
    pty.write(`hostile${enter}`);
    await pty.waitFor('before\ufffdred\ufffd after');
    // The title of the window is ours.
    const bytes = pty
      .bytes()
      .toString()
      .replaceAll(/\u001b\]2;(?:\S )?(?:somewhere – victor)?\u0007/g, '');
    expect(wipes(pty)).toBe(0);
    expect(bytes).not.toContain(`${esc}]`);
    expect(bytes).not.toContain('title');
  });

  it('keeps streaming through a change of size, and says every line', async () => {
    const pty = await start({ columns: 80, rows: 24 });
    pty.write(`lines 80 10${enter}`);
    await pty.waitFor('answer line 10');
    for (const [columns, rows] of [
      [50, 12],
      [100, 30],
      [30, 8],
    ] as const) {
      pty.resize(columns, rows);
      await sleep(120);
    }
    // Not on the screen alone: what a window of eight rows shows last may be gone again when it is looked at.
    await pty.waitFor(() => count(pty, 'answer line 80') === 1);
    for (let line = 1; line <= 80; line += 1) expect(count(pty, `answer line ${line}`)).toBe(1);
    expect(wipes(pty)).toBe(0);
  });
});

describe.concurrent('a terminal that changes its size', () => {
  it('loses nothing and leaves nothing behind', async () => {
    const pty = await start({ columns: 100, rows: 24 });
    pty.write(`lines 30${enter}`);
    await pty.waitFor('answer line 30');
    pty.write('typed');
    await pty.waitFor('❯ typed');
    for (const [columns, rows] of [
      [60, 15],
      [110, 30],
      [110, 10],
      [40, 24],
      [100, 24],
    ] as const) {
      const before = pty.bytes().length;
      pty.resize(columns, rows);
      await pty.waitFor(() => pty.bytes().length > before);
      await pty.waitFor((screen) => {
        const drawn = screen.filter((line) => line !== '');
        return drawn.slice(-3, -1).join('|') === 'answer line 30|❯ typed' && pty.cursor().column === 7;
      });
      for (let line = 1; line <= 30; line += 1) expect(count(pty, `answer line ${line}`)).toBe(1);
      expect(pty.history().filter((line) => line.startsWith('ask · '))).toHaveLength(1);
      expect(pty.screen()[pty.cursor().row]).toBe('❯ typed');
    }
    expect(wipes(pty)).toBe(0);
  });
});

describe.concurrent('an approval', () => {
  it('U11 ignores what was typed before it appeared, then takes y, n, a and p', async () => {
    const pty = await start();
    pty.write('touch one');
    await pty.waitFor('❯ touch one');
    pty.write(enter);
    pty.write('y');
    await pty.waitFor('Allow Bash?');
    expect(pty.screen().join('\n')).toContain('touch one');
    expect(pty.screen().join('\n')).toContain('Mode ask asks before running commands.');
    await sleep(900);
    pty.write(`x ${enter}`);
    await pty.waitFor('kept for your next message');
    expect(pty.screen().join('\n')).toContain('Allow Bash?');
    await sleep(900);
    pty.write('y');
    await pty.waitFor('✓ Bash touch one · ran for once');
    await pty.waitFor(/^❯ yx/m);

    pty.write(`\u0015touch two${enter}`);
    await pty.waitFor('Allow Bash?');
    await sleep(900);
    pty.write('n');
    await pty.waitFor('⊘ Bash touch two · refused');

    pty.write(`touch three${enter}`);
    await pty.waitFor('Allow Bash?');
    await sleep(900);
    pty.write('a');
    await pty.waitFor('✓ Bash touch three · ran for session');
    pty.write('\u000f');
    await pty.waitFor('│ second line of three');

    pty.write(`touch four${enter}`);
    await pty.waitFor('Allow Bash?');
    await sleep(900);
    pty.write('p');
    await pty.waitFor('✓ Bash touch four · ran for project');
  });

  it('is stopped with its turn by Escape', async () => {
    const pty = await start();
    pty.write(`touch one${enter}`);
    await pty.waitFor('Allow Bash?');
    pty.write(esc);
    await pty.waitFor('Interrupted.');
    expect(pty.screen().join('\n')).not.toContain('Allow Bash?');
  });

  it('shows the whole of a command that is taller than the screen', async () => {
    const pty = await start({ rows: 14 });
    pty.write(`long one${enter}`);
    await pty.waitFor('(shown in full above)');
    for (let part = 1; part <= 60; part += 1) expect(count(pty, `│   echo part ${part}`)).toBe(1);
  });
});

describe.concurrent('commands', () => {
  it('answer in the transcript, and unknown ones are reported', async () => {
    const pty = await start({ rows: 160 });
    pty.write(`/help${enter}`);
    await pty.waitFor('│   /sessions');
    pty.write(`/modle${enter}`);
    await pty.waitFor('There is no command /modle. Did you mean /model?');
    pty.write(`/model other/two${enter}`);
    await pty.waitFor('ask · other/two');
    pty.write(`${esc}[Z`);
    await pty.waitFor('accept-edits · other/two');
    pty.write('\u000c');
    await pty.waitFor((screen) => screen.filter((line) => line === '❯').length === 1 && screen.length > 2);
    pty.write(`/resume older-two${enter}`);
    await pty.waitFor('answered in older-two');
    await pty.waitFor('session older-tw');
    pty.write(`/quit${enter}`);
    expect(await pty.exit).toBe(0);
    expect(pty.screen().join('\n')).toContain('left older-two by choice\nrestored 0');
  });
});

describe.concurrent('the first screen', () => {
  it('says in three lines what this is, and speaks of local servers only without a model', async () => {
    const pty = await start();
    await sleep(100);
    expect(pty.screen().slice(0, 6)).toEqual([
      '',
      'Victor 1.2.3 · /somewhere',
      'fake/one · mode ask',
      '/help for commands and keys',
      '',
      '❯',
    ]);
    const offline = await start({ args: ['offline'] });
    const screen = await offline.waitFor('Ollama runs on this machine. Use it with /model ollama/tiny');
    expect(screen[2]).toContain('No model is configured');
    expect(screen[3]).toContain('/model');
  });

  it('of a resumed session shows where it stood, and sends the first message', async () => {
    const pty = await start({ args: ['fake', 'older-two', 'lines 1'] });
    await pty.waitFor('answer line 1');
    const screen = pty.screen();
    expect(screen.indexOf('answered in older-two')).toBeGreaterThan(screen.indexOf('❯ asked in older-two'));
    expect(screen.indexOf('answer line 1')).toBeGreaterThan(screen.indexOf('answered in older-two'));
  });

  it('has no colour with NO_COLOR, and has some without', async () => {
    const plain = await start({ env: { ...process.env, NO_COLOR: '1' } });
    expect(plain.bytes().toString()).not.toMatch(/\u001b\[[0-9;]*m/);
    const { NO_COLOR: _, ...env } = process.env;
    const coloured = await start({ env });
    expect(coloured.bytes().toString()).toMatch(/\u001b\[1m/);
  });
});

describe.concurrent('leaving', () => {
  const gone = /restored (\d+)/;

  it.each([
    ['Ctrl+D on an empty input', '\u0004'],
    ['Ctrl+C twice', '\u0003\u0003'],
  ])('U04 by %s restores the terminal', async (_, keys) => {
    const pty = await start();
    pty.write(keys);
    await pty.waitFor('left session-one by choice\nrestored 0');
    expect(pty.screen().join('\n')).not.toContain('❯');
    const bytes = pty.bytes().toString();
    expect(bytes).toContain(`${esc}[?2004l`);
    expect(bytes.lastIndexOf(`${esc}[?25h`)).toBeGreaterThan(bytes.lastIndexOf(`${esc}[?25l`));
  });

  it('needs Ctrl+C twice: once clears the input or stops the turn', async () => {
    const pty = await start();
    pty.write('some text\u0003');
    await pty.waitFor('Press Ctrl+C again to quit.');
    expect(pty.screen()).toContain('❯');
    // It means another thing while that is said, and the hint goes by itself.
    await pty.waitFor((screen) => !screen.join('\n').includes('Press Ctrl+C again'));
    pty.write(`slow${enter}`);
    await pty.waitFor('only the begin');
    pty.write('\u0003');
    await pty.waitFor('Interrupted.');
    expect(pty.screen().join('\n')).not.toContain('left ');
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const)(
    'U04 by %s in the middle of an answer restores the terminal',
    async (signal) => {
      const pty = await start();
      pty.write(`slow${enter}`);
      await pty.waitFor('only the begin');
      process.kill(await replPid(pty), signal);
      await pty.waitFor(`left session-one ${signal}\nrestored 0`);
      expect(pty.screen().join('\n')).toContain('This is only the begin');
    },
  );

  it('U04 by SIGINT twice while the window changes its size restores the terminal', async () => {
    const pty = await start();
    pty.write(`lines 2000 1${enter}`);
    await pty.waitFor('answer line 5');
    const pid = await replPid(pty);
    pty.resize(60, 20);
    for (const signal of ['SIGINT', 'SIGWINCH', 'SIGINT', 'SIGWINCH'] as const) {
      try {
        process.kill(pid, signal);
      } catch {
        // The first has done all that it had to: nobody is there any more.
      }
    }
    await pty.waitFor(/restored (?:0|130)/);
  });

  it('U04 U10 by a bug restores the terminal and shows the trace', async () => {
    const pty = await start();
    pty.write(`crash${enter}`);
    await pty.waitFor(gone);
    expect(pty.screen().join('\n')).toContain('a bug');
    expect(pty.screen().join('\n')).toContain('restored 1');
    expect(pty.bytes().toString()).toContain(`${esc}[?2004l`);
  });

  it('U10 by what no line can stand for restores the terminal and says what it was', async () => {
    const pty = await start();
    pty.write(`unlayable${enter}`);
    await pty.waitFor(/restored [1-9]/);
    expect(pty.history().join('\n')).toContain('TypeError');
    expect(pty.bytes().toString()).toContain(`${esc}[?2004l`);
  });

  it('U10 not by a block that cannot be drawn: one line stands in its place and the chat goes on', async () => {
    const pty = await start();
    pty.write(`undrawable${enter}`);
    await pty.waitFor(/! This could not be drawn; \/export has it: .+[\s\S]*The rest goes on\./);
    pty.write(`lines 2${enter}`);
    await pty.waitFor('answer line 2');
  });

  it('U02 is refused before anything is drawn when there is no terminal', async () => {
    const child = spawn(process.execPath, [program.file], { stdio: ['pipe', 'pipe', 'pipe'] });
    const pieces = { out: '', err: '' };
    child.stdout.on('data', (data) => {
      pieces.out += data;
    });
    child.stderr.on('data', (data) => {
      pieces.err += data;
    });
    await new Promise((resolve) => child.on('close', resolve));
    expect(pieces.out).toBe('');
    expect(pieces.err).toContain('The chat needs a terminal');
  });
});
