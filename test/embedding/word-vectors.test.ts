import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HEADER_NUMBERS, readWordVectors } from '../../src/embedding/word-vectors.js';
import { temporaryDirectory } from '../helpers/run-victor.js';

const folder = join(import.meta.dirname, '../../src/embedding');
const bytes = readFileSync(join(folder, 'word-vectors.bin'));
const page = readFileSync(join(folder, 'word-vectors.md'), 'utf8');

function fileOf(content: Uint8Array): string {
  const file = join(temporaryDirectory(), 'table.bin');
  writeFileSync(file, content);
  return file;
}

describe('the table of word vectors', () => {
  test('is the one that the page beside it speaks of: words, numbers, bytes, SHA-256', () => {
    const { words, dimensions } = readWordVectors(join(folder, 'word-vectors.bin'));
    const hash = createHash('sha256').update(bytes).digest('hex');
    expect(page).toContain(`${words} words of ${dimensions} numbers, ${bytes.length} bytes, SHA-256`);
    expect(page).toContain(hash);
    expect(bytes.length).toBeLessThan(8_000_000);
  });

  test('has as many words and numbers as the script that makes it says', () => {
    const script = readFileSync(join(folder, '../../scripts/build-word-vectors.ts'), 'utf8');
    const { words, dimensions } = readWordVectors(join(folder, 'word-vectors.bin'));
    expect(script).toContain(`const WORDS = ${words.toLocaleString('en').replaceAll(',', '_')};`);
    expect(script).toContain(`const DIMENSIONS = ${dimensions};`);
  });

  test('names every package it was made from, with version and license', () => {
    const sources = readFileSync(join(folder, '../../scripts/word-vectors/sources.ts'), 'utf8');
    const named = [...sources.matchAll(/'((?:@[\w-]+\/)?[\w-]+)@(\d+\.\d+\.\d+)'/g)];
    expect(named.length).toBeGreaterThan(5);
    for (const [, name, version] of named)
      expect(page).toMatch(new RegExp(`\\| ${name} \\| ${version} \\| \\S+`));
  });

  test('finds each of its words in the row where it is written, and each word has a vector', () => {
    const table = readWordVectors(join(folder, 'word-vectors.bin'));
    const header = new Uint32Array(bytes.buffer, bytes.byteOffset, HEADER_NUMBERS);
    const [, , words = 0, dimensions = 0, slots = 0, letters = 0] = header;
    const starts = new Uint32Array(bytes.buffer, bytes.byteOffset + 4 * (HEADER_NUMBERS + slots), words + 1);
    const text = bytes.subarray(bytes.length - letters).toString('latin1');
    const wrong: string[] = [];
    for (let row = 0; row < words; row++) {
      const word = text.slice(starts[row], starts[row + 1]);
      const sum = new Float32Array(dimensions);
      table.add(row, sum);
      const isWhole = /^[a-z]+$/.test(word) && sum.every(Number.isFinite) && sum.some((one) => one !== 0);
      if (table.rowOf(word) !== row || !isWhole) wrong.push(word);
    }
    expect(wrong).toEqual([]);
  });

  test.each(['', 'zqxv', 'größe', 'Read', '会话', 'a'.repeat(10_000)])(
    'does not find what is no word of it: %j',
    (word) => {
      expect(readWordVectors(join(folder, 'word-vectors.bin')).rowOf(word)).toBe(-1);
    },
  );
});

describe('what is no whole table is refused', () => {
  const changed = (place: number, value: number): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    copy[place] = value;
    return copy;
  };

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['three bytes', bytes.subarray(0, 3)],
    ['a header alone', bytes.subarray(0, 24)],
    ['all but its last byte', bytes.subarray(0, -1)],
    ['one byte too many', Buffer.concat([bytes, Buffer.from('x')])],
    ['another magic number', changed(1, 0x99)],
    ['another version', changed(4, 9)],
    ['another count of words', changed(8, 7)],
    ['a text', Buffer.from('Moved to another place.\n'.repeat(1_000))],
  ])('%s', (_, content) => {
    expect(() => readWordVectors(fileOf(content))).toThrow('its file is damaged.');
  });

  test('a file that is not there', () => {
    expect(() => readWordVectors(join(temporaryDirectory(), 'none.bin'))).toThrow('ENOENT');
  });
});
