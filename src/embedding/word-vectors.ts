import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';

/**
 * A table of word vectors as one file, read as it lies: nothing is built at a start, so that loading costs one read.
 *
 * Little-endian: the six numbers of the header (uint32: magic, version, words, dimensions, slots, bytes of the words);
 * `slots` places of a hash table (uint32: row + 1, or 0 for an empty one; linear probing from the hash of the word);
 * where each word begins in the text (uint32, one more than there are words); the scale of each row (float32); the rows
 * (int8, `dimensions` each); the words (Latin-1, one behind the other).
 */
export interface WordVectors {
  readonly words: number;
  readonly dimensions: number;
  /** The row of a word in lower case, or -1. */
  rowOf(word: string): number;
  /** Adds the vector of a row to `sum`, which has `dimensions` numbers. Its length is what the word weighs in a text. */
  add(row: number, sum: Float32Array): void;
}

export const MAGIC = 0x57_56_31_00;
export const VERSION = 1;
export const HEADER_NUMBERS = 6;

/** FNV-1a over the UTF-16 code units of a word, mixed so that the low bits depend on all of them. */
export function hashWord(word: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < word.length; index++) {
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  }
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}

function bytesOf(file: string | URL): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`its file cannot be read (${(error as NodeJS.ErrnoException).code}).`, { cause: error });
  }
}

/** Reads a table. Throws when there is none, or it is not one. */
export function readWordVectors(file: string | URL): WordVectors {
  if (endianness() !== 'LE') throw new Error('it needs a little-endian machine.');
  const bytes = bytesOf(file);
  const { buffer, byteOffset } = bytes;
  const [magic, version, words = 0, dimensions = 0, slots = 0, letters = 0] = new Uint32Array(
    buffer,
    byteOffset,
    Math.min(HEADER_NUMBERS, Math.floor(bytes.length / 4)),
  );
  const size = 4 * (HEADER_NUMBERS + slots + words + 1 + words) + words * dimensions + letters;
  if (magic !== MAGIC || version !== VERSION || bytes.length !== size) {
    throw new Error('its file is damaged.');
  }
  let offset = byteOffset + 4 * HEADER_NUMBERS;
  const table = new Uint32Array(buffer, offset, slots);
  offset += table.byteLength;
  const starts = new Uint32Array(buffer, offset, words + 1);
  offset += starts.byteLength;
  const scales = new Float32Array(buffer, offset, words);
  offset += scales.byteLength;
  const rows = new Int8Array(buffer, offset, words * dimensions);
  offset += rows.byteLength;
  const text = new Uint8Array(buffer, offset, letters);

  function isAt(row: number, word: string): boolean {
    const start = starts[row]!;
    if (starts[row + 1]! - start !== word.length) return false;
    for (let index = 0; index < word.length; index++) {
      if (text[start + index] !== word.charCodeAt(index)) return false;
    }
    return true;
  }

  return {
    words,
    dimensions,
    rowOf(word) {
      for (let slot = hashWord(word) & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
        const row = table[slot]! - 1;
        if (row < 0 || isAt(row, word)) return row;
      }
    },
    add(row, sum) {
      const scale = scales[row]!;
      const start = row * dimensions;
      for (let index = 0; index < dimensions; index++) sum[index]! += scale * rows[start + index]!;
    },
  };
}
