import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResumedText } from '../../src/chat/resumed-text.js';

function rest(said: string, pieces: readonly string[]): string {
  const resumed = new ResumedText(said);
  return pieces.map((piece) => resumed.push(piece)).join('') + resumed.end();
}

const letters = (text: string) => [...text];

describe('the rest of an answer that broke off', () => {
  it.each<[name: string, said: string, more: string, expected: string]>([
    ['goes on where it ended', 'The file is ', 'empty.', 'empty.'],
    ['begins anew', 'The file is em', 'The file is empty.', 'pty.'],
    ['begins anew with other words', 'The file is em', 'The folder is empty.', 'The folder is empty.'],
    ['repeats its last words', 'First. Second. The third one is', 'The third one is red.', ' red.'],
    ['happens to begin with the same letter', 'Aha, so', 'And so on.', 'And so on.'],
    ['repeats a short word that may be meant', 'It said no, no', ' no, never.', ' no, never.'],
    ['is the same text once more and nothing else', 'All done.', 'All done.', ''],
    ['is a letter that the answer began with too', '1, 2, ', '1', '1'],
    ['is empty', 'All done.', '', ''],
    ['comes when nothing was said', '', 'Hello.', 'Hello.'],
  ])('%s', (_, said, more, expected) => {
    expect(rest(said, [more])).toBe(expected);
    expect(rest(said, letters(more))).toBe(expected);
  });

  it('is complete and comes once wherever the break was and in whatever pieces a model that begins anew sends it', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' }),
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        (text, at, size) => {
          const said = text.slice(0, at % (text.length + 1));
          const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
          expect(said + rest(said, pieces)).toBe(text);
        },
      ),
      { numRuns: 1_000, seed: 7 },
    );
  });

  it('loses nothing that is not a repetition: what has no letter in common comes whole', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', ' ') }),
        fc.string({ unit: fc.constantFrom('x', 'y', '.') }),
        (said, more) => {
          expect(rest(said, letters(more))).toBe(more);
        },
      ),
      { seed: 7 },
    );
  });
});
