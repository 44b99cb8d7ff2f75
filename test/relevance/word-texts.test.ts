import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitWords } from '../../src/relevance/terms.js';
import { wordTexts } from '../../src/relevance/word-texts.js';

/** The words of each text, as they are read back. */
function readBack(texts: readonly string[]): string[][] {
  const { words, ids, starts } = wordTexts(texts);
  expect(new Set(words).size).toBe(words.length);
  expect(new Set(ids).size).toBe(words.length);
  return texts.map((_, index) =>
    [...ids.subarray(starts[index], starts[index + 1])].map((place) => words[place]!),
  );
}

it('several texts in their words have the words that each has alone, whatever is written', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc
      .array(
        fc.constantFrom('parse', 'HTTP', 'Request', 'v2', '_', ' ', 'ß', 'É', 'A', 'b', '9', 'ﬁ', '字'),
        {
          maxLength: 30,
        },
      )
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 60 }), (texts) => {
      expect(readBack(texts)).toEqual(texts.map((one) => splitWords(one)));
    }),
    { numRuns: 300 },
  );
});

it('a word is one word in whatever case, and thousands of different ones stay apart', () => {
  expect(wordTexts(['Read the FILE', 'read The file']).words).toEqual(['read', 'the', 'file']);
  const many = Array.from({ length: 5_000 }, (_, n) => `word${n} w${n * 7}`);
  expect(readBack(many)).toEqual(many.map(splitWords));
});
