import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ServerStep, startModelServer } from '../helpers/model-server.js';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, temporaryDirectory } from '../helpers/run-victor.js';

const esc = '\u001b';
const enter = '\r';
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const query = `${esc}]11;?`;

/** The real `victor chat` in a terminal of some kind. */
async function chat(
  env: Readonly<Record<string, string>>,
  script: readonly ServerStep[] = [],
  args: string[] = [],
) {
  const server = await startModelServer(script);
  onTestFinished(() => server.close());
  const home = temporaryDirectory();
  const pty = startPty({
    command: process.execPath,
    args: [launcher, 'chat', ...args],
    cwd: temporaryDirectory(),
    env: cleanEnvironment({
      ANTHROPIC_BASE_URL: server.url,
      ANTHROPIC_API_KEY: 'test-key',
      VICTOR_HOME: home,
      ...env,
    }),
    columns: 90,
    rows: 30,
  });
  onTestFinished(async () => {
    pty.kill();
    await pty.exit;
  });
  return { pty, home, written: () => pty.bytes().toString('utf8') };
}

const answer =
  'Some **words**:\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```ts\nconst x = 1;\n```\nThe end.';
const script: readonly ServerStep[] = [
  { toolCalls: [{ name: 'Bash', input: { command: 'touch x' } }] },
  { text: answer },
];

describe('U12 a terminal of less, and all that is said all the same', () => {
  it('without colours and without Unicode', async () => {
    const { pty, written } = await chat({ NO_COLOR: '1', LANG: 'C' }, script);
    await pty.waitFor('/help for');
    pty.write(`go on${enter}`);
    await pty.waitFor('y once');
    // A question takes no answer in its first half second.
    await sleep(900);
    pty.write('n');
    await pty.waitFor('The end.');
    const text = pty.history().join('\n');
    for (const said of ['> go on', '! Bash touch x', '* one', 'a | b', '--+--', '  const x = 1;'])
      expect(text).toContain(said);
    expect(written()).not.toMatch(/[^\x00-\x7f]/);
    expect(written()).not.toMatch(/\u001b\[[\d;]*m/);
    expect(written()).not.toContain(query);
  });

  it('with sixteen colours', async () => {
    const { pty, written } = await chat({ TERM: 'xterm', FORCE_COLOR: '1', COLORFGBG: '15;0' }, [
      { text: answer },
    ]);
    await pty.waitFor('❯');
    pty.write(`go on${enter}`);
    await pty.waitFor('The end.');
    const codes = () => [...written().matchAll(/\u001b\[([\d;]*)m/g)].map(([, code = '']) => code);
    // What colours code is loaded with the first line of it.
    await expect.poll(codes).toContain('35');
    expect(codes().filter((code) => /^[34]8;/.test(code))).toEqual([]);
  });

  it.each([
    ['for those who listen', { NO_COLOR: '1' }, ['--screen-reader']],
    ['that only prints', { TERM: 'dumb' }, []],
  ])('%s: nothing is drawn twice, and what is typed is echoed', async (_, env, args) => {
    const { pty, written } = await chat(env, script, args);
    await pty.waitFor('/help for');
    await pty.waitFor(/^>/m);
    pty.write('go om');
    await pty.waitFor('> go om');
    pty.write('\u007fn');
    await pty.waitFor('> go on');
    pty.write(enter);
    await pty.waitFor('y once');
    await sleep(900);
    pty.write('n');
    await pty.waitFor('The end.');
    const text = pty.history().join('\n');
    const isSpoken = args.length > 0;
    const said = isSpoken
      ? [
          'you: go on',
          'Esc interrupts',
          'denied: Bash touch x',
          'a: 1',
          'code ts',
          'end of code',
          'const x = 1;',
        ]
      : ['> go on', 'Esc interrupts', '! Bash touch x', 'a | b', 'const x = 1;'];
    for (const one of said) expect(text).toContain(one);
    expect(text.match(/touch x$/gm)).toHaveLength(1);
    // What was typed stands there once; whoever listens is told what was sent.
    expect(text.match(/^> go on$/gm)).toHaveLength(1);
    pty.write('/tool');
    await pty.waitFor('> /tool');
    pty.write('s');
    await pty.waitFor('> /tools');
    pty.write(enter);
    await pty.waitFor('Search file contents');
    const shown = pty.history().join('\n');
    expect(shown.match(/^> \/tools$/gm)).toHaveLength(1);
    if (!isSpoken) expect(shown).toMatch(/^> \/tools\n\nTools$/m);
    // Not a cursor is moved and nothing is erased.
    expect(written().replaceAll(/\u001b\[\?(2004|25)[hl]/g, '')).not.toContain(esc);
    if (!isSpoken) expect(written()).not.toContain(esc);
    expect(written()).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏✓✗⊘─┼]/u);
    pty.write('\u0004');
    expect(await pty.exit).toBe(0);
  });
});

describe('the colours of the chat', () => {
  it('follow the background that the terminal tells, and its answer is never typed text', async () => {
    const { pty, written } = await chat({ COLORTERM: 'truecolor' });
    await pty.waitFor('❯');
    await expect.poll(written).toContain(query);
    // Of `light`, which nothing else has.
    const accent = '38;2;122;82;0';
    expect(written()).not.toContain(accent);
    pty.write(`${esc}]11;rgb:ffff/ff`);
    await sleep(150);
    pty.write(`ff/ffff${esc}\\typed`);
    await expect.poll(written).toContain(accent);
    const screen = await pty.waitFor('❯ typed');
    expect(screen.join('\n')).not.toMatch(/rgb|ffff/);
  });

  it('change and are kept with /theme, and are shown while they are chosen', async () => {
    const { pty, home, written } = await chat({ COLORTERM: 'truecolor', COLORFGBG: '15;0' });
    await pty.waitFor('❯');
    expect(written()).not.toContain(query);
    pty.write(`/theme${enter}`);
    await pty.waitFor('Which theme?');
    // Down to dark, light, ansi, high-contrast, whose accent is this.
    pty.write(`${esc}[B${esc}[B${esc}[B${esc}[B`);
    await expect.poll(written).toContain('38;2;255;228;92');
    pty.write(esc);
    await pty.waitFor('The theme stays as it is.');
    pty.write(`/theme colour-blind${enter}`);
    await pty.waitFor(/theme: auto -> colour-blind|The theme is colour-blind/);
    expect(await readFile(join(home, 'config.yaml'), 'utf8')).toBe('theme: colour-blind\n');
  });
});
