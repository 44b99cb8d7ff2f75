import { messageOf } from '../core/describe-failure.js';
import { ExtensionError } from '../core/errors.js';
import type { Embedder } from '../core/extension.js';
import { shortened } from '../core/shortened.js';
import { wordTexts } from '../relevance/word-texts.js';
import { normalise, READ_CHARACTERS } from './unit-vector.js';
import { hashWord, readWordVectors, type WordVectors } from './word-vectors.js';

/** Beside this file, in the sources and in what is built. */
const TABLE = new URL('./word-vectors.bin', import.meta.url);

/** How often one word counts in one text at most: a log that repeats itself is not about one word alone. */
const REPEATS = 4;

let loaded: WordVectors | undefined;

/** The table, read once a process, when it is first needed. Throws `ExtensionError` where it cannot be read. */
export function wordVectors(): WordVectors {
  try {
    loaded ??= readWordVectors(TABLE);
    return loaded;
  } catch (error) {
    throw new ExtensionError(
      `The table of word vectors cannot be used: ${messageOf(error)} Install Victor again.`,
      { cause: error, reason: 'broken' },
    );
  }
}

/**
 * Vectors by meaning, offline: the sum of the vectors of a text's words, each as long as what the word tells (rare words
 * more than common ones; Arora et al. 2017). A word that is not in the table has a vector of its own, by its spelling, so
 * that it is near to itself alone. Pure: equal texts give equal vectors everywhere.
 */
export function createStaticEmbedder(): Embedder {
  const { dimensions } = wordVectors();
  return { name: 'static', dimensions, embed: embedTexts };
}

/** The vectors lie in one piece of memory, because a piece for each would cost more than to compute it. */
function embedTexts(texts: readonly string[]): readonly Float32Array[] {
  const table = wordVectors();
  const { dimensions } = table;
  const { words, ids, starts } = wordTexts(texts.map((text) => shortened(text, READ_CHARACTERS)));
  const rows = Int32Array.from(words, (word) => table.rowOf(word));
  /** How often each word came in the text that is read. */
  const counts = new Uint8Array(words.length);
  const all = new Float32Array(texts.length * dimensions);
  return texts.map((_, index) => {
    const sum = all.subarray(index * dimensions, (index + 1) * dimensions);
    const [start, end] = [starts[index]!, starts[index + 1]!];
    for (let at = start; at < end; at++) {
      const word = ids[at]!;
      if (counts[word]! >= REPEATS) continue;
      counts[word]! += 1;
      const row = rows[word]!;
      if (row >= 0) table.add(row, sum);
      else addUnknown(words[word]!, sum);
    }
    for (let at = start; at < end; at++) counts[ids[at]!] = 0;
    return normalise(sum);
  });
}

/** A word without a vector: so much as a rare word weighs, in directions that its spelling alone decides. */
const UNKNOWN_LENGTH = 0.5;

function addUnknown(word: string, sum: Float32Array): void {
  const each = UNKNOWN_LENGTH / Math.sqrt(sum.length);
  let state = hashWord(word) | 1;
  for (let index = 0; index < sum.length; index++) {
    // Xorshift (Marsaglia 2003): one bit a direction.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    sum[index]! += state < 0 ? -each : each;
  }
}
