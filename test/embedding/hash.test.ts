import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cosine } from '../../src/embedding/cosine.js';
import { createHashEmbedder } from '../../src/embedding/hash.js';

const embedder = createHashEmbedder();

async function embed(text: string): Promise<Float32Array> {
  return (await embedder.embed([text]))[0]!;
}

async function nearness(one: string, other: string): Promise<number> {
  return cosine(await embed(one), await embed(other));
}

describe('the hash embedder', () => {
  test('gives one vector a text, each of the length it says and of size 1', async () => {
    const vectors = await embedder.embed(['open the file', 'a', 'Überraschung 会话存储在哪里 🎉x']);
    expect(vectors).toHaveLength(3);
    for (const vector of vectors.filter((_, index) => index !== 1)) {
      expect(vector).toBeInstanceOf(Float32Array);
      expect(vector).toHaveLength(embedder.dimensions);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
  });

  test.each(['', '  \n', '?! …', 'the of and'])(
    'a text with nothing in it is all zeros: %j',
    async (text) => {
      const vector = await embed(text);
      expect(vector).toHaveLength(embedder.dimensions);
      expect(vector.every((value) => value === 0)).toBe(true);
    },
  );

  test('any text has a vector of size 1 or 0, and the same one whatever stands beside it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.string({ unit: 'grapheme' }),
        async (text, beside) => {
          const [alone] = await embedder.embed([text]);
          const [, second] = await embedder.embed([beside, text]);
          expect(second).toEqual(alone);
          const size = Math.hypot(...alone!);
          expect(Math.min(size, Math.abs(size - 1))).toBeLessThan(1e-5);
        },
      ),
    );
  });

  test.each([
    ['open a file', 'opening files', 'deploy the server'],
    ['configuration of sessions', 'configure the session', 'paint a picture'],
    ['authentication error', 'authenticate the user', 'format the code'],
    ['colour of the button', 'colours', 'database migration'],
    ['postgres connection', 'PostgreSQL', 'spelling mistakes'],
    ['fix the tokenizer', 'tokenise', 'run the benchmark'],
    ['会话存储在哪里', '会话存储', '删除所有文件'],
  ])('%s is nearer to %s than to %s', async (text, near, far) => {
    expect(await nearness(text, near)).toBeGreaterThan((await nearness(text, far)) + 0.1);
  });

  test('the same words in another form and order are nearly the same text', async () => {
    expect(await nearness('deploy the failing service', 'a SERVICE failing: deploy!')).toBeCloseTo(1, 5);
  });

  test('the same word is nearer than a similar one', async () => {
    expect(await nearness('read', 'read')).toBeGreaterThan(await nearness('read', 'reader'));
  });

  test('a word that is repeated counts more, but less each time', async () => {
    const shares = await Promise.all(
      [1, 10, 100].map((times) => nearness('deploy', `${'deploy '.repeat(times)}invoice`)),
    );
    expect(shares[1]).toBeGreaterThan(shares[0]!);
    expect(shares[2]).toBeGreaterThan(shares[1]!);
    expect(shares[2]).toBeLessThan(0.995);
  });

  test('words that have nothing in common lie across each other', async () => {
    const words = 'deploy invoice calendar weather music flight poll recipe stock currency'.split(' ');
    for (const one of words) {
      for (const other of words) {
        if (one !== other) expect(Math.abs(await nearness(one, other))).toBeLessThan(0.2);
      }
    }
  });
});

describe('cosine', () => {
  const vector = (...values: number[]) => Float32Array.from(values);

  test.each([
    [vector(1, 0), vector(5, 0), 1],
    [vector(1, 0), vector(0, 3), 0],
    [vector(1, 1), vector(-2, -2), -1],
    [vector(3, 4), vector(4, 3), 0.96],
    [vector(0, 0), vector(1, 2), 0],
  ])('of %o and %o is %d', (one, other, expected) => {
    expect(cosine(one, other)).toBeCloseTo(expected, 6);
  });
});
