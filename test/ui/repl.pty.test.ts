import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Pty, startPty } from '../helpers/pty.js';
import { bundleProgram, type PtyProgram } from '../helpers/pty-program.js';

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
    pty.write(`\u0005\nsecond\\${enter}third${esc}${enter}fourth${esc}[13;2ufifth`);
    const screen = await pty.waitFor('  fifth');
    expect(screen.slice(row, row + 5)).toEqual(['❯ hello', '  second', '  third', '  fourth', '  fifth']);
  });

  it('ignores Ctrl+Z', async () => {
    const pty = await start();
    pty.write('one\u001atwo');
    await pty.waitFor('❯ onetwo');
  });

  it('U06 takes a paste as one insert that is not sent, without its escape sequences', async () => {
    const pty = await start();
    pty.write(`say: ${esc}[200~one\rtwo${esc}[31m red${enter}${esc}[201~!`);
    const screen = await pty.waitFor('  !');
    expect(screen.join('\n')).toContain('❯ say: one\n  two red\n  !');
  });

  it('U06 survives a paste of a megabyte', async () => {
    const pty = await start();
    const line = `${'x'.repeat(63)}\r`;
    pty.write(`${esc}[200~${line.repeat(16_384)}${esc}[201~the end`);
    await pty.waitFor('the end', 20_000);
    pty.write('\u0003');
    await pty.waitFor(/❯\s*\n/);
    pty.write('still here');
    await pty.waitFor('❯ still here');
  });

  it('completes commands, remembers messages and clears on Escape twice', async () => {
    const pty = await start();
    pty.write('/mo');
    await pty.waitFor('Tab: /model /mode');
    pty.write('\t');
    pty.write(' plan\r');
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
    await pty.waitFor('answer line 300', 20_000);
    await pty.waitFor((screen) => !screen.join('\n').includes('Answering'));
    for (let line = 1; line <= 300; line += 1) expect(count(pty, `answer line ${line}`)).toBe(1);
    expect(count(pty, '❯ lines 300 1')).toBe(1);
    expect(wipes(pty)).toBe(0);
  });

  it('that comes all at once is whole too, though taller than the screen', async () => {
    const pty = await start({ rows: 10 });
    pty.write(`lines 200${enter}`);
    await pty.waitFor('answer line 200', 20_000);
    for (let line = 1; line <= 200; line += 1) expect(count(pty, `answer line ${line}`)).toBe(1);
    expect(wipes(pty)).toBe(0);
  });

  it('can be typed over while it streams: the message waits and is then sent', async () => {
    const pty = await start();
    pty.write(`lines 60 15${enter}`);
    await pty.waitFor('answer line 5');
    pty.write(`lines 2${enter}`);
    await pty.waitFor('queued: lines 2');
    await pty.waitFor(
      (screen) => !screen.join('\n').includes('queued:') && screen.includes('❯ lines 2'),
      20_000,
    );
    await pty.waitFor((screen) => screen.includes('❯'));
    expect(count(pty, 'answer line 60')).toBe(1);
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
    const bytes = pty.bytes().toString();
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
    await pty.waitFor('answer line 80', 20_000);
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
  it('U11 ignores what was typed before it appeared, then takes y, n and a', async () => {
    const pty = await start();
    pty.write(`touch one${enter}y`);
    await pty.waitFor('Allow Bash?');
    expect(pty.screen().join('\n')).toContain('touch one');
    expect(pty.screen().join('\n')).toContain('Mode ask asks before running commands.');
    await sleep(550);
    pty.write(`x${enter} ${enter}`);
    await sleep(100);
    expect(pty.screen().join('\n')).toContain('Allow Bash?');
    pty.write('y');
    await pty.waitFor('✓ Bash touch one · ran for once');

    pty.write(`touch two${enter}`);
    await pty.waitFor('Allow Bash?');
    await sleep(550);
    pty.write('n');
    await pty.waitFor('⊘ Bash touch two · refused');

    pty.write(`touch three${enter}`);
    await pty.waitFor('Allow Bash?');
    await sleep(550);
    pty.write('a');
    await pty.waitFor('✓ Bash touch three · ran for session');
    pty.write('\u000f');
    await pty.waitFor('│ second line of three');
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
    const pty = await start({ rows: 40 });
    pty.write(`/help${enter}`);
    await pty.waitFor('│ /sessions');
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
    await sleep(1_050);
    pty.write(`slow${enter}`);
    await pty.waitFor('only the begin');
    pty.write('\u0003');
    await pty.waitFor('Interrupted.');
    expect(pty.screen().join('\n')).not.toContain('left ');
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
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

  it('U04 U10 by a bug restores the terminal and shows the trace', async () => {
    const pty = await start();
    pty.write(`crash${enter}`);
    await pty.waitFor(gone);
    expect(pty.screen().join('\n')).toContain('a bug');
    expect(pty.screen().join('\n')).toContain('restored 1');
    expect(pty.bytes().toString()).toContain(`${esc}[?2004l`);
  });

  it('U10 by a component that throws restores the terminal and says what it was', async () => {
    const pty = await start();
    pty.write(`undrawable${enter}`);
    await pty.waitFor(/restored [1-9]/);
    expect(pty.history().join('\n')).toContain('TypeError');
    expect(pty.bytes().toString()).toContain(`${esc}[?2004l`);
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
