import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { atRest, chat } from '../helpers/chat-pty.js';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

const enter = '\r';
const escapeKey = '\u001b';
const up = '\u001b[A';
const down = '\u001b[B';
const answers = (count: number) => Array.from({ length: count }, (_, at) => ({ text: `Answer ${at + 1}.` }));

it('/rename, /tag and /search work on what is stored, and /export writes it', async () => {
  const { pty, cwd } = await chat(answers(1));
  for (const [count, command] of ['/rename too early', '/tag early', '/fork', '/export'].entries()) {
    pty.write(`${command}${enter}`);
    await pty.waitFor(new RegExp(`(Nothing is stored of this session yet[\\s\\S]*){${count + 1}}`));
  }
  pty.write(`find the parser bug${enter}`);
  await pty.waitFor(atRest('Answer 1.'));
  pty.write(`/rename Parser work${enter}`);
  await pty.waitFor('This session is now called Parser work.');
  pty.write(`/tag bug parser${enter}`);
  await pty.waitFor('Tags of this session: bug, parser');
  pty.write(`/tag -bug${enter}`);
  await pty.waitFor('Tags of this session: parser');
  pty.write(`/sessions${enter}`);
  await pty.waitFor('Parser work #parser');
  pty.write(escapeKey);
  await pty.waitFor((screen) => !screen.join('\n').includes('Which session?'));
  pty.write(`/search pars* bug${enter}`);
  await pty.waitFor(/Found, the best match first[\s\S]*find the parser bug/);
  pty.write(`/search absent${enter}`);
  await pty.waitFor('No message has absent.');
  pty.write(`/export html page.html${enter}`);
  await pty.waitFor('Wrote ');
  expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toContain('<h1>Parser work</h1>');
  pty.write(`/export html page.html${enter}`);
  await pty.waitFor('exists already');
  expect(existsSync(join(cwd, 'page.html'))).toBe(true);
});

it('/fork goes on in a copy, and the original stays as it was', async () => {
  const { pty, server } = await chat(answers(3), ['--session-id', 'original']);
  pty.write(`first question${enter}`);
  await pty.waitFor(atRest('Answer 1.'));
  pty.write(`/fork${enter}`);
  await pty.waitFor('This is a copy. The original is original.');
  pty.write(`only in the copy${enter}`);
  await pty.waitFor(atRest('Answer 2.'));
  pty.write(`/resume original${enter}`);
  await pty.waitFor(/\/resume original[\s\S]*Resumed\./);
  pty.write(`in the original${enter}`);
  await pty.waitFor('Answer 3.');
  const last = JSON.stringify(server.requests.at(-1)?.body);
  expect(last).toContain('first question');
  expect(last).not.toContain('only in the copy');
});

it('chat --resume without an id offers the sessions: typing narrows, arrows move, Enter goes there', async () => {
  const { pty, open } = await chat(answers(6), ['--session-id', 'one']);
  pty.write(`about apples${enter}`);
  await pty.waitFor(atRest('Answer 1.'));
  pty.write('\u0004');
  await pty.exit;
  for (const [id, text, number] of [
    ['two', 'about pears', 2],
    ['three', 'about plums', 3],
    ['four', 'about quinces', 4],
    ['five', 'about figs', 5],
  ] as const) {
    const other = open(['--session-id', id, text]);
    await other.waitFor(`Answer ${number}.`);
    other.write('\u0004');
    await other.exit;
  }
  const again = open(['--resume']);
  await again.waitFor(
    /Which session\?[\s\S]*❯ five .*about figs[\s\S]*four[\s\S]*three[\s\S]*two .*about pears[\s\S]*one .*about apples/,
  );
  again.write(down);
  await again.waitFor(/❯ four/);
  again.write(up);
  await again.waitFor(/❯ five/);
  again.write('APP');
  await again.waitFor(/Which session\? APP \(1 of 5\)/);
  // Enter counts when the list could be read.
  await sleep(500);
  again.write(enter);
  await again.waitFor(/Resumed\.[\s\S]*about apples[\s\S]*Answer 1\./);
  again.write(`and now${enter}`);
  await again.waitFor('Answer 6.');
  again.write('\u0004');
  expect(await again.exit).toBe(0);
  expect(again.history().join('\n')).toContain('Resume this session with: victor --resume one');
});

it('Escape leaves the list, and a new session begins', async () => {
  const { pty, open, server } = await chat(answers(2), ['--session-id', 'one']);
  pty.write(`about apples${enter}`);
  await pty.waitFor(atRest('Answer 1.'));
  pty.write('\u0004');
  await pty.exit;
  const again = open(['--resume']);
  await again.waitFor('Which session?');
  again.write(escapeKey);
  await again.waitFor(/^(?![\s\S]*Which session)[\s\S]*❯/);
  again.write(`something new${enter}`);
  await again.waitFor('Answer 2.');
  expect(JSON.stringify(server.requests.at(-1)?.body)).not.toContain('apples');
});

it('D11: /resume of a session that another terminal has says so; /fork makes a copy of it', async () => {
  const { pty, open } = await chat(answers(3), ['--session-id', 'shared']);
  pty.write(`hello there${enter}`);
  await pty.waitFor(atRest('Answer 1.'));
  const second = open(['--session-id', 'other']);
  await second.waitFor('❯');
  second.write(`/resume shared${enter}`);
  await second.waitFor(/Session shared is in use by process \d+\. \/fork shared/);
  second.write(`/fork shared${enter}`);
  await second.waitFor('This is a copy. The original is shared.');
  // What was left is free, what the copy is taken from is not.
  pty.write(`/resume shared${enter}`);
  await pty.waitFor('You are in this session.');
  second.write(`in the copy${enter}`);
  await second.waitFor('Answer 2.');
});

it('Ctrl+R finds what was typed in earlier sessions of the folder, and not what was in another one', async () => {
  const [cwd, elsewhere] = [temporaryDirectory(), temporaryDirectory()];
  const ask = (words: string, where: string) => runVictor(['ask', words], { cwd: where });
  await ask('elephants in another folder', elsewhere);
  await ask('elephants of long ago', cwd);
  for (const words of ['one', 'two', 'three']) await ask(words, cwd);
  const pty = startPty({
    command: process.execPath,
    args: [launcher, 'chat'],
    cwd,
    env: cleanEnvironment({ NO_COLOR: '1' }),
  });
  onTestFinished(async () => {
    pty.kill();
    await pty.exit;
  });
  await pty.waitFor('❯');
  pty.write('\u0012eleph');
  await pty.waitFor('elephants of long ago');
  pty.write('\u0012');
  await pty.waitFor('No other earlier message has this');
  pty.write('\t!');
  await pty.waitFor('❯ elephants of long ago!');
});
