import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countGrams, forEachGram } from '../../src/relevance/grams.js';
import { lexicalScores } from '../../src/relevance/lexical-scores.js';
import { bm25Postings } from '../../src/relevance/postings.js';
import { isStopWord, splitWords, stem } from '../../src/relevance/terms.js';
import { wordTexts } from '../../src/relevance/word-texts.js';

const word = fc.constantFrom(
  ...'read reading file files deploy deployed the translator translate x 会话'.split(' '),
);
const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));

function countsOf<Key>(keys: Iterable<Key>): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

const wordsOf = (content: string) => splitWords(content).filter((one) => !isStopWord(one));

function gramsOf(content: string): number[] {
  const grams: number[] = [];
  for (const one of wordsOf(content)) forEachGram(one, (gram) => grams.push(gram));
  return grams;
}

describe('lexical scores', () => {
  test('without an index they are the same BM25 as with one, by stems and by n-grams', () => {
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 6 }), (query, texts) => {
        const { byTerms, byGrams } = lexicalScores(query, wordTexts(texts));
        const expected = <Key>(keysOf: (content: string) => Iterable<Key>) => {
          const scores = new Float64Array(texts.length);
          const postings = bm25Postings(texts.map((content) => countsOf(keysOf(content))));
          postings.addScores(new Set(keysOf(query)), scores);
          return scores;
        };
        const terms = expected((content) => wordsOf(content).map(stem));
        const grams = expected(gramsOf);
        for (const index of texts.keys()) {
          expect(byTerms[index]).toBeCloseTo(terms[index]!, 8);
          expect(byGrams[index]).toBeCloseTo(grams[index]!, 8);
        }
      }),
    );
  });

  test('a text with the words of the query has more than one with parts of them, and that more than none', () => {
    const { byTerms, byGrams } = lexicalScores(
      'the translator',
      wordTexts(['a translator', 'translated', 'weather']),
    );
    expect(byTerms[0]).toBeGreaterThan(0);
    expect(byTerms[2]).toBe(0);
    expect(byGrams[0]).toBeGreaterThan(byGrams[1]!);
    expect(byGrams[1]).toBeGreaterThan(byGrams[2]!);
    expect(byGrams[2]).toBe(0);
  });
});

describe('n-grams', () => {
  test('are as many as are counted, whatever the word', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (one) => {
        let grams = 0;
        forEachGram(one, () => {
          grams += 1;
        });
        expect(grams).toBe(countGrams(one));
      }),
    );
  });

  test('words that are spelled alike share many, others none', () => {
    const of = (one: string) => {
      const grams = new Set<number>();
      forEachGram(one, (gram) => grams.add(gram));
      return grams;
    };
    const shared = (one: string, other: string) => [...of(one)].filter((gram) => of(other).has(gram)).length;
    expect(shared('translator', 'translate')).toBeGreaterThan(10);
    expect(shared('translator', 'weather')).toBe(0);
  });
});
