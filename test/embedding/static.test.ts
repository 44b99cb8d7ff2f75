import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cosine } from '../../src/embedding/cosine.js';
import { createStaticEmbedder } from '../../src/embedding/static.js';

const embedder = createStaticEmbedder();

async function embed(text: string): Promise<Float32Array> {
  return (await embedder.embed([text]))[0]!;
}

async function nearness(one: string, other: string): Promise<number> {
  return cosine(await embed(one), await embed(other));
}

describe('the static embedder', () => {
  test('gives one vector a text, each of the length it says and of size 1', async () => {
    const vectors = await embedder.embed(['open the file', 'Überraschung 会话存储在哪里 🎉x']);
    expect(vectors).toHaveLength(2);
    for (const vector of vectors) {
      expect(vector).toBeInstanceOf(Float32Array);
      expect(vector).toHaveLength(embedder.dimensions);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
  });

  test.each(['', '  \n', '?! …', '🎉'])('a text with nothing in it is all zeros: %j', async (text) => {
    const vector = await embed(text);
    expect(vector).toHaveLength(embedder.dimensions);
    expect(vector.every((value) => value === 0)).toBe(true);
  });

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
    // Words of one meaning that share no letters: what spelling alone cannot see.
    ['buy a car', 'purchase an automobile', 'paint a picture'],
    ['the weather tomorrow', 'will it rain', 'translate a letter'],
    ['send an email', 'deliver a message', 'boil an egg'],
    ['remove the folder', 'delete a directory', 'play some music'],
    ['fix the bug', 'repair the error', 'a holiday in Spain'],
    ['film reviews', 'opinions about movies', 'network settings'],
    ['physician', 'doctor', 'guitar'],
    ['how much money do I owe', 'unpaid invoices', 'the colour of the sky'],
    // And what it sees, too.
    ['open a file', 'opening files', 'marry a prince'],
    ['会话存储在哪里', '会话存储在哪里 会话', '删除所有文件'],
  ])('%s is nearer to %s than to %s', async (text, near, far) => {
    expect(await nearness(text, near)).toBeGreaterThan((await nearness(text, far)) + 0.1);
  });

  test('a word that nobody knows is near to itself, and to no other word', async () => {
    const words = 'zqxvkj qwrtzp flurbix vmplqt xkcdfg'.split(' ');
    const known = 'file weather music invoice translate network colour doctor'.split(' ');
    for (const one of words) {
      expect(await nearness(one, `${one} ${one}`)).toBeCloseTo(1, 5);
      const others = [...words.filter((other) => other !== one), ...known];
      for (const other of others) expect(Math.abs(await nearness(one, other))).toBeLessThan(0.4);
    }
    expect(await nearness('open zqxvkj', 'where is zqxvkj')).toBeGreaterThan(
      await nearness('open zqxvkj', 'where is qwrtzp'),
    );
  });

  test('a rare word counts more than a common one', async () => {
    const text = 'the thing about an avocado';
    expect(await nearness(text, 'avocado')).toBeGreaterThan(await nearness(text, 'the thing'));
  });

  test('of a very long text the beginning and the end are read', async () => {
    const padding = ' padding'.repeat(100_000);
    const long = `weather${padding} music`;
    const without = padding.trim();
    for (const word of ['weather', 'music']) {
      expect(await nearness(long, word)).toBeGreaterThan((await nearness(without, word)) + 0.1);
    }
  });

  test('a word that is repeated without end counts four times', async () => {
    expect(await embed(`invoice ${'deploy '.repeat(500)}`)).toEqual(
      await embed(`invoice ${'deploy '.repeat(4)}`),
    );
  });

  test('order, case and punctuation are no part of it', async () => {
    expect(await nearness('deploy the failing service', 'a SERVICE failing: the deploy!')).toBeGreaterThan(
      0.97,
    );
  });

  test('is the same in another process, bit by bit', async () => {
    const texts = ['open the file', 'zqxvkj', '会话存储在哪里', 'a weather forecast for Oslo'];
    const hashOf = (vectors: readonly Float32Array[]) => {
      const hash = createHash('sha256');
      for (const vector of vectors) hash.update(new Uint8Array(vector.buffer));
      return hash.digest('hex');
    };
    const module = JSON.stringify(join(import.meta.dirname, '../../src/embedding/static.ts'));
    const code = `import { createHash } from 'node:crypto';
      import { createStaticEmbedder } from ${module};
      const hash = createHash('sha256');
      for (const vector of createStaticEmbedder().embed(${JSON.stringify(texts)})) hash.update(new Uint8Array(vector.buffer));
      console.log(hash.digest('hex'));`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      code,
    ]);
    expect(stdout.trim()).toBe(hashOf(await embedder.embed(texts)));
  });
});
