import type { Embedder } from '../core/extension.js';
import { countGrams, forEachGram, withCode } from '../relevance/grams.js';
import { isStopWord, splitWords, stem } from '../relevance/terms.js';
import { normalised } from './unit-vector.js';

/** A power of two, so that a hash becomes a position by its low bits. */
const DIMENSIONS = 1024;

/** The stem of a word and all its n-grams together count the same: the same word is near, a similar one half as near. */
const STEM_WEIGHT = 1;
const GRAMS_WEIGHT = 1;

/** Hashes of stems start elsewhere than those of n-grams, or `tool` the stem would be `tool` the n-gram. */
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
  return normalised(vector);
}

/** Adds each n-gram of the word; together they weigh the same for a short word and a long one. */
function addGrams(vector: Float32Array, word: string, weight: number): void {
  const each = (GRAMS_WEIGHT * weight) / Math.sqrt(countGrams(word));
  forEachGram(word, (hash) => add(vector, hash, each));
}

function hashOf(word: string): number {
  let hash = STEM_SEED;
  for (let index = 0; index < word.length; index++) hash = withCode(hash, word.charCodeAt(index));
  return hash;
}

/** The lowest bits choose the place and the highest one the sign, after the bits were mixed as MurmurHash3 ends. */
function add(vector: Float32Array, hash: number, weight: number): void {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  mixed ^= mixed >>> 16;
  vector[mixed & (DIMENSIONS - 1)]! += mixed < 0 ? -weight : weight;
}
