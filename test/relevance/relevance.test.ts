import { describe, expect, test } from 'vitest';
import type { Embedder } from '../../src/core/extension.js';
import { embedAll } from '../../src/embedding/embed-all.js';
import { createHashEmbedder } from '../../src/embedding/hash.js';
import { createStaticEmbedder } from '../../src/embedding/static.js';
import { relevance } from '../../src/relevance/relevance.js';
import { wordTexts } from '../../src/relevance/word-texts.js';

const texts = [
  'The kitchen is painted green.',
  'My physician says that I must walk more.',
  'He wrote it down for me.',
  'The train to Oslo leaves at nine.',
  'Tickets are sold at the station.',
  'We had soup.',
  'The dog sleeps.',
  'A new lamp for the hall.',
];
async function scored(query: string, of: readonly string[], embedder: Embedder): Promise<Float64Array> {
  const [vector, ...vectors] = await embedAll(embedder, [query, ...of]);
  return relevance({ text: query, vector: vector! }, wordTexts(of), vectors);
}

const best = (scores: Float64Array) => scores.indexOf(Math.max(...scores));

describe('relevance of the texts of a conversation', () => {
  test.each([
    ['what did the doctor recommend', 1],
    ['when does the railway leave for Norway', 3],
    ['the dog', 6],
  ])('%s is best answered by text %d', async (query, expected) => {
    expect(best(await scored(query, texts, createStaticEmbedder()))).toBe(expected);
  });

  test('what stands next to an answer has part of its score, less the further it is away', async () => {
    const plain = ['a b c', 'd e f', 'g h i', 'zebra crossing', 'j k l', 'm n o', 'p q r', 's u v', 'w x y'];
    const scores = await scored('zebra crossing', plain, createHashEmbedder());
    expect(best(scores)).toBe(3);
    for (const direction of [-1, 1]) {
      expect(scores[3 + direction]).toBeGreaterThan(scores[3 + 2 * direction]!);
      expect(scores[3 + 2 * direction]).toBeGreaterThan(scores[3 + 3 * direction]!);
    }
  });

  test('no texts have no scores, and texts that are all alike have equal ones', async () => {
    const embedder = createStaticEmbedder();
    expect([...(await scored('anything', [], embedder))]).toEqual([]);
    expect([...(await scored('dog', ['cat', 'cat', 'cat'], embedder))]).toEqual([0, 0, 0]);
  });

  test('an embedder that does not answer one vector a text is named', async () => {
    const embedder = { name: 'mine', dimensions: 2, embed: () => [Float32Array.of(1, 0)] };
    await expect(scored('a', ['b', 'c'], embedder)).rejects.toThrow('The embedder mine did not answer');
  });
});
