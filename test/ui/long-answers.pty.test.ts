import { expect, it } from 'vitest';
import { long } from '../helpers/campaign.js';
import { atRest, chat } from '../helpers/chat-pty.js';
import { peakMegabytes } from '../helpers/process-figures.js';
import type { Pty } from '../helpers/pty.js';

// What a key takes meanwhile is measured: `npm run bench:tui -- --only long`.

const lines = long ? 100_000 : 3_000;
const characters = long ? 10_000_000 : 300_000;
const mostMegabytes = 400;
const waitMs = long ? 900_000 : 60_000;

/** Rows that the terminal itself keeps, with some room for what is no answer. */
const keptRows = 99_900;

const numbers = (text: string, word: string) =>
  [...text.matchAll(new RegExp(`${word}(\\d{7})`, 'g'))].map(([, number]) => Number(number));

/** The last numbers of `1 … last`, as many as there are. */
const lastOf = (found: readonly number[], last: number) => found.map((_, at) => last - found.length + at + 1);

const numbered = (word: string, number: number) => `${word}${String(number).padStart(7, '0')}`;

async function ask(pty: Pty, text: string, answer: string): Promise<void> {
  pty.write(`${text}\r`);
  await pty.waitFor(atRest(answer), waitMs);
}

/** No window has room for a message of this size: the next one begins without it. */
async function goOn(pty: Pty): Promise<void> {
  await ask(pty, '/clear', 'The context is empty; the log of this session is kept.');
  await ask(pty, 'and now?', 'Still here.');
}

it(`U09 an answer of ${lines} lines is printed once and in order, within 400 MB`, async () => {
  const all = Array.from({ length: lines }, (_, at) => `${numbered('line', at + 1)} of a very long answer`);
  const text = `${all.join('\n')}\n\nThe end.`;
  const { pty } = await chat((body) =>
    JSON.stringify(body.messages.at(-1)).includes('go"')
      ? { text, chunks: lines / 10 }
      : { text: 'Still here.' },
  );
  pty.write('go\r');
  await pty.waitFor(/line\d/, waitMs);
  pty.write('typed meanwhile');
  await pty.waitFor('❯ typed meanwhile', waitMs);
  await pty.waitFor(atRest('The end.'), waitMs);
  expect(pty.screen().join('\n')).toContain('❯ typed meanwhile');
  const printed = numbers(pty.history().join('\n'), 'line');
  expect(printed.length).toBeGreaterThanOrEqual(Math.min(lines, keptRows));
  expect(printed).toEqual(lastOf(printed, lines));
  pty.write('\u0015');
  await goOn(pty);
  expect(peakMegabytes(await pty.pid)).toBeLessThan(mostMegabytes);
}, 1_000_000);

it(`U09 an answer of ${characters} characters in one line is printed once and in order, within 400 MB`, async () => {
  const words = characters / 'word0000001 '.length;
  const last = Math.floor(words);
  const line = Array.from({ length: last }, (_, at) => numbered('word', at + 1)).join(' ');
  const { pty } = await chat((body) =>
    JSON.stringify(body.messages.at(-1)).includes('go"')
      ? { text: `${line}\n\nThe end.`, chunks: last / 10 }
      : { text: 'Still here.' },
  );
  await ask(pty, 'go', 'The end.');
  const printed = numbers(pty.history().join('\n'), 'word');
  expect(printed.length).toBeGreaterThan(0.7 * last);
  expect(printed).toEqual(lastOf(printed, last));
  await goOn(pty);
  expect(peakMegabytes(await pty.pid)).toBeLessThan(mostMegabytes);
}, 1_000_000);
