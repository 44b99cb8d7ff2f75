import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bm25Postings, cosinePostings } from '../../src/relevance/postings.js';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const counts = fc
  .array(fc.tuple(key, fc.integer({ min: 1, max: 9 })), { maxLength: 5 })
  .map((list) => new Map(list));
const texts = fc.array(counts, { maxLength: 8 });

const having = (list: readonly ReadonlyMap<string, number>[], one: string) =>
  list.filter((text) => text.has(one)).length;
const lengthOf = (text: ReadonlyMap<string, number>) => [...text.values()].reduce((sum, one) => sum + one, 0);

/** BM25 as it is written, one text and one key at a time. */
function bm25(list: readonly ReadonlyMap<string, number>[], text: number, one: string): number {
  const count = list[text]!.get(one) ?? 0;
  const average = list.reduce((sum, other) => sum + lengthOf(other), 0) / list.length || 1;
  const rarity = Math.log(1 + (list.length - having(list, one) + 0.5) / (having(list, one) + 0.5));
  return (rarity * count * 2.2) / (count + 1.2 * (0.5 + (0.5 * lengthOf(list[text]!)) / average));
}

/** The cosine of TF-IDF vectors, up to the length of the question's. */
function tfIdf(list: readonly ReadonlyMap<string, number>[], text: number, one: string): number {
  const rarity = (of: string) => Math.log((list.length + 1) / (having(list, of) + 0.5));
  const weight = (of: string, count: number) => (1 + Math.log(count)) * rarity(of);
  const length = Math.sqrt([...list[text]!].reduce((sum, [of, count]) => sum + weight(of, count) ** 2, 0));
  const count = list[text]!.get(one);
  return count === undefined || length === 0 ? 0 : (weight(one, count) * rarity(one)) / length;
}

describe.each([
  ['BM25', bm25Postings, bm25],
  ['the cosine of TF-IDF', cosinePostings, tfIdf],
] as const)('%s from postings', (_, make, slow) => {
  test('gives each key of each text what the plain formula gives it', () => {
    fc.assert(
      fc.property(texts, key, (list, one) => {
        const postings = make(list);
        for (const text of list.keys())
          expect(postings.gain(one, text)).toBeCloseTo(slow(list, text, one), 10);
      }),
    );
  });

  test('adds up the keys of a question, each times its weight', () => {
    fc.assert(
      fc.property(texts, counts, (list, question) => {
        const scores = new Float64Array(list.length).fill(1);
        make(list).addScores(question, scores);
        for (const text of list.keys()) {
          const sum = [...question].reduce(
            (total, [one, weight]) => total + weight * slow(list, text, one),
            1,
          );
          expect(scores[text]).toBeCloseTo(sum, 8);
        }
      }),
    );
  });

  test('counts each key once where a question gives no weights', () => {
    const list = [new Map([['a', 1]]), new Map([['b', 2]])];
    const scores = new Float64Array(2);
    make(list).addScores(['a', 'b'], scores);
    expect(scores[0]).toBeCloseTo(slow(list, 0, 'a'), 10);
    expect(scores[1]).toBeCloseTo(slow(list, 1, 'b'), 10);
  });

  test('a key that no text has, and no texts at all, give nothing', () => {
    const scores = new Float64Array(1);
    make([new Map([['a', 1]])]).addScores(['z'], scores);
    expect(scores[0]).toBe(0);
    make<string>([]).addScores(['a'], new Float64Array());
  });
});
