import { existsSync } from 'node:fs';
import { readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { atRest, chat } from '../helpers/chat-pty.js';
import type { ServerStep } from '../helpers/model-server.js';
import type { Pty } from '../helpers/pty.js';
import { it } from '../helpers/sampled.js';

const enter = '\r';
const down = '\u001b[B';
const escapeKey = '\u001b';
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const write = (path: string, content: string) => ({
  toolCalls: [{ name: 'Write', input: { path, content } }],
});

/** Sends a message and lets the turn do what it wants to. */
async function say(pty: Pty, text: string, answer: string): Promise<void> {
  pty.write(`${text}${enter}`);
  await pty.waitFor(atRest(answer));
}

/** Answers a question that can be read by now. */
async function choose(pty: Pty, question: string, keys: string): Promise<string> {
  const screen = await pty.waitFor(question);
  await sleep(900);
  pty.write(keys);
  if (keys !== escapeKey) pty.write(enter);
  return screen.join('\n');
}

async function twoTurns(more: readonly ServerStep[] = []) {
  const script = [
    write('a.txt', 'one\n'),
    { text: 'First is done.' },
    write('b.txt', 'two\n'),
    { toolCalls: [{ name: 'Bash', input: { command: 'echo made > by-bash.txt' } }] },
    { text: 'Second is done.' },
    ...more,
  ];
  const open = await chat(script, ['--permission-mode', 'yolo']);
  await say(open.pty, 'make a', 'First is done.');
  await say(open.pty, 'make b', 'Second is done.');
  return { ...open, file: (name: string) => join(open.cwd, name) };
}

describe('/undo, /redo, /rewind and /diff, the real program', () => {
  it('/undo shows the list and what it does not cover, takes a yes, and leaves alone what the user has changed', async () => {
    const { pty, cwd, file } = await twoTurns();
    const real = await realpath(cwd);
    pty.write(`/undo${enter}`);
    const asked = await choose(pty, 'Do it?', escapeKey);
    expect(asked).toContain('What changed since “make b”');
    expect(asked).toContain(`remove      ${real}/b.txt`);
    expect(asked).toContain('not covered: what these did, whatever they changed');
    expect(asked).toContain('Bash echo made > by-bash.txt');
    await pty.waitFor('Nothing was changed.');
    expect(await readFile(file('b.txt'), 'utf8')).toBe('two\n');
    pty.write(`/undo${enter}`);
    await choose(pty, 'Do it?', '');
    await pty.waitFor('Undone (/redo takes it back)');
    expect([existsSync(file('b.txt')), existsSync(file('by-bash.txt'))]).toEqual([false, true]);
    await writeFile(file('a.txt'), 'one\nmine\n');
    pty.write(`/undo${enter}`);
    const left = await pty.waitFor('It is no longer what Victor wrote');
    expect(left.join('\n')).toContain(`left alone   ${real}/a.txt`);
    expect(await readFile(file('a.txt'), 'utf8')).toBe('one\nmine\n');
    pty.write(`/redo${enter}`);
    await choose(pty, 'Do it?', '');
    await pty.waitFor('Brought back');
    expect(await readFile(file('b.txt'), 'utf8')).toBe('two\n');
  });

  it('/rewind picks a message, and takes back the conversation and the files; a later run goes on from there', async () => {
    const { pty, server, file, open } = await twoTurns([
      { text: 'Otherwise, then.' },
      { text: 'Still here.' },
    ]);
    pty.write(`/rewind${enter}`);
    const list = await choose(pty, 'Back to before which message?', '');
    expect(list).toMatch(/❯ make b\n {2}make a/);
    await choose(pty, 'Do it?', '');
    await pty.waitFor('The conversation goes on from 4 messages');
    expect([existsSync(file('a.txt')), existsSync(file('b.txt'))]).toEqual([true, false]);
    // The message is in the input again.
    await pty.waitFor(/❯ make b\s*$/m);
    await say(pty, ', but otherwise', 'Otherwise, then.');
    const texts = () => JSON.stringify(server.requests.at(-1)?.body);
    expect(texts()).toContain('make b, but otherwise');
    expect(texts()).not.toContain('Second is done.');
    pty.write('\u0004');
    await pty.exit;
    const resumed = open(['--continue', '--permission-mode', 'yolo']);
    await resumed.waitFor('Otherwise, then.');
    await say(resumed, 'are you there', 'Still here.');
    expect(texts()).toContain('Otherwise, then.');
    expect(texts()).not.toContain('Second is done.');
  });

  it('/rewind only of the conversation leaves the files, and Esc leaves everything', async () => {
    const { pty, file } = await twoTurns();
    pty.write(`/rewind${enter}`);
    await choose(pty, 'Back to before which message?', escapeKey);
    await pty.waitFor('Nothing was changed.');
    // Esc twice on an empty input asks the same.
    pty.write(escapeKey + escapeKey);
    await choose(pty, 'Back to before which message?', down);
    const asked = await choose(pty, 'Do it?', down);
    expect(asked).toContain('Back to before “make a”');
    expect(asked).toContain('Yes, the conversation and 2 files');
    await pty.waitFor('The conversation goes on from 0 messages');
    expect([existsSync(file('a.txt')), existsSync(file('b.txt'))]).toEqual([true, true]);
  });

  it('/diff shows every file that the session changed, in the look of an edit', async () => {
    const edit = { path: 'kept.txt', oldText: 'two', newText: '2' };
    const { pty, cwd } = await chat(
      [
        { toolCalls: [{ name: 'Edit', input: edit }] },
        write('new.txt', 'fresh\n'),
        { text: 'Both are done.' },
      ],
      ['--permission-mode', 'yolo'],
    );
    await writeFile(join(cwd, 'kept.txt'), 'one\ntwo\nthree\n');
    await say(pty, 'edit', 'Both are done.');
    const real = await realpath(cwd);
    pty.write(`/diff${enter}`);
    const shown = (await pty.waitFor(/Changed in this session: 2 files[\s\S]*fresh/)).join('\n');
    expect(shown).toContain(
      `Changed in this session: 2 files\n${real}/kept.txt\n  1   one\n  2 - two\n  2 + 2\n  3   three\n${real}/new.txt · new\n  1 + fresh`,
    );
  });
});
