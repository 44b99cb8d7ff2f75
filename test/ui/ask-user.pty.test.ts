import { describe, expect } from 'vitest';
import { atRest, type ChatPty, chat } from '../helpers/chat-pty.js';
import { it } from '../helpers/sampled.js';

const enter = '\r';
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const input = { question: 'Which colour?\u001b[2J\nIt is for the door.', options: ['red', 'blue'] };
const asking = { toolCalls: [{ name: 'AskUser', input }] };

async function asked({ pty }: ChatPty, text = 'The model asks you:'): Promise<string> {
  const screen = await pty.waitFor(text);
  await sleep(900);
  return screen.join('\n');
}

function received({ server }: ChatPty): string {
  const { messages } = server.requests.at(-1)!.body as { messages: unknown[] };
  return JSON.stringify(messages.at(-1));
}

describe('a question of the model in victor chat, the real program', () => {
  it('is answered by the key of an option, and by no key that was typed before it could be read', async () => {
    const made = await chat([asking, { text: 'Blue then.' }], ['--permission-mode', 'yolo']);
    made.pty.write(`paint${enter}`);
    await made.pty.waitFor('The model asks you:');
    // Right behind a letter that is no answer, a key is too early however late this comes.
    made.pty.write('x1');
    const screen = await asked(made);
    expect(screen).toMatch(/ {2}Which colour\?.*\n {2}It is for the door\.\n {2}1 red\n {2}2 blue\n/);
    expect(screen).toContain('1-2 choose · w say it in your own words · n no answer · Esc stops the turn');
    made.pty.write('3');
    await sleep(900);
    made.pty.write('2');
    await made.pty.waitFor(atRest('Blue then.'));
    expect(received(made)).toContain('The user answered: blue');
    expect(made.pty.history().join('\n')).toMatch(/✓ AskUser Which colour\?.* · blue/);
  });

  it('is answered in words, or not at all, and is over when the turn is stopped', async () => {
    const made = await chat([asking, asking, { text: 'So be it.' }, asking]);
    made.pty.write(`paint${enter}`);
    await asked(made);
    made.pty.write('w');
    await asked(made, 'Say it in your own words');
    made.pty.write(`green, as ever${enter}`);
    await made.pty.waitFor('green, as ever · #1');
    expect(received(made)).toContain('The user answered: green, as ever');
    await asked(made);
    made.pty.write('n');
    await made.pty.waitFor(atRest('So be it.'));
    expect(received(made)).toContain('The user gave no answer.');
    made.pty.write(`again${enter}`);
    await asked(made);
    made.pty.write('\u001b');
    await made.pty.waitFor('Interrupted.');
  });
});
