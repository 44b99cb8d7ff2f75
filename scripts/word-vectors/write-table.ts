import { writeFileSync } from 'node:fs';
import { HEADER_NUMBERS, hashWord, MAGIC, VERSION } from '../../src/embedding/word-vectors.js';
import type { Matrix } from './matrix.js';

/** Writes the file that `readWordVectors` reads: each row as bytes with a scale of its own. Answers how large it is. */
export function writeTable(file: string, words: readonly string[], vectors: Matrix): number {
  const { columns: dimensions, values } = vectors;
  const slots = 2 ** Math.ceil(Math.log2(words.length * 1.5));
  const table = new Uint32Array(slots);
  for (const [row, word] of words.entries()) {
    let slot = hashWord(word) & (slots - 1);
    while (table[slot] !== 0) slot = (slot + 1) & (slots - 1);
    table[slot] = row + 1;
  }
  const text = Buffer.from(words.join(''), 'latin1');
  const starts = new Uint32Array(words.length + 1);
  for (const [row, word] of words.entries()) starts[row + 1] = starts[row]! + word.length;
  const scales = new Float32Array(words.length);
  const rows = new Int8Array(words.length * dimensions);
  for (let row = 0; row < words.length; row++) {
    const own = values.subarray(row * dimensions, (row + 1) * dimensions);
    const scale = own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / 127 || 1;
    scales[row] = scale;
    for (const [column, value] of own.entries()) rows[row * dimensions + column] = Math.round(value / scale);
  }
  const header = new Uint32Array(HEADER_NUMBERS);
  header.set([MAGIC, VERSION, words.length, dimensions, slots, text.length]);
  const parts = [header, table, starts, scales, rows].map((part) => new Uint8Array(part.buffer));
  const bytes = Buffer.concat([...parts, text]);
  writeFileSync(file, bytes);
  return bytes.length;
}
