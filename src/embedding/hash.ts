import type { Embedder } from '../core/extension.js';
import { isStopWord, splitWords, stem } from '../selection/terms.js';

/** A power of two, so that a hash becomes a position by its low bits. */
const DIMENSIONS = 1024;

const SHORTEST_GRAM = 3;
const LONGEST_GRAM = 5;

/** The stem of a word and all its n-grams together count the same: the same word is near, a similar one half as near. */
const STEM_WEIGHT = 1;
const GRAMS_WEIGHT = 1;

const WORD_START = 2;
const WORD_END = 3;
/** Hashes of stems start elsewhere than those of n-grams, or `tool` the stem would be `tool` the n-gram. */
const GRAM_SEED = 0x811c9dc5;
const STEM_SEED = 0x9e3779b9;

/**
 * Vectors from the spelling of words alone, without a model: the stems of a text and the n-grams of its words (3 to 5
 * characters, the ends of a word among them) are hashed to places and signs (feature hashing, Weinberger et al. 2009).
 * A word that comes n times counts 1 + ln n. Stop words count nothing. Pure: equal texts give equal vectors everywhere.
 */
export function createHashEmbedder(): Embedder {
  return { name: 'hash', dimensions: DIMENSIONS, embed: (texts) => texts.map(embedOne) };
}

function embedOne(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  const counts = new Map<string, number>();
  for (const word of splitWords(text)) {
    if (!isStopWord(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  for (const [word, count] of counts) {
    const weight = 1 + Math.log(count);
    add(vector, hashOf(stem(word)), STEM_WEIGHT * weight);
    addGrams(vector, word, weight);
  }
  return normalise(vector);
}

/** Adds each n-gram of the word; together they weigh the same for a short word and a long one. */
function addGrams(vector: Float32Array, word: string, weight: number): void {
  const length = word.length + 2;
  let grams = 0;
  for (let size = SHORTEST_GRAM; size <= LONGEST_GRAM; size++) grams += Math.max(0, length - size + 1);
  const each = (GRAMS_WEIGHT * weight) / Math.sqrt(grams);
  for (let start = 0; start + SHORTEST_GRAM <= length; start++) {
    const end = Math.min(length, start + LONGEST_GRAM);
    let hash = GRAM_SEED;
    for (let index = start; index < end; index++) {
      hash = withCode(hash, codeAt(word, index));
      if (index - start + 1 >= SHORTEST_GRAM) add(vector, hash, each);
    }
  }
}

/** The characters of a word with a mark before the first and one behind the last. */
function codeAt(word: string, index: number): number {
  if (index === 0) return WORD_START;
  return index > word.length ? WORD_END : word.charCodeAt(index - 1);
}

function hashOf(word: string): number {
  let hash = STEM_SEED;
  for (let index = 0; index < word.length; index++) hash = withCode(hash, word.charCodeAt(index));
  return hash;
}

/** One step of FNV-1a, over a UTF-16 code unit instead of a byte. */
function withCode(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

/** The lowest bits choose the place and the highest one the sign, after the bits were mixed as MurmurHash3 ends. */
function add(vector: Float32Array, hash: number, weight: number): void {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  mixed ^= mixed >>> 16;
  vector[mixed & (DIMENSIONS - 1)]! += mixed < 0 ? -weight : weight;
}

function normalise(vector: Float32Array): Float32Array {
  let squared = 0;
  for (const value of vector) squared += value * value;
  if (squared === 0) return vector;
  const length = Math.sqrt(squared);
  return vector.map((value) => value / length);
}
