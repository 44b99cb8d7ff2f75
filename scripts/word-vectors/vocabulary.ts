import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitWords } from '../../src/relevance/terms.js';
import type { Source } from './sources.js';

export interface Vocabulary {
  readonly words: readonly string[];
  /** How probable each is as the next word of a text. */
  readonly probabilities: readonly number[];
}

/**
 * The words that films say most and those that written sentences have, in lower case, ASCII letters only; the probability
 * of each is the mean of both.
 */
export function makeVocabulary(frequencies: Source, sentences: readonly string[], size: number): Vocabulary {
  const spoken = new Map<string, number>();
  for (const { word, count } of JSON.parse(readFileSync(join(frequencies.folder, 'index.json'), 'utf8'))) {
    for (const part of splitWords(word)) spoken.set(part, (spoken.get(part) ?? 0) + count);
  }
  const written = new Map<string, number>();
  for (const sentence of sentences) {
    for (const word of splitWords(sentence)) written.set(word, (written.get(word) ?? 0) + 1);
  }
  const total = (counts: ReadonlyMap<string, number>) =>
    [...counts.values()].reduce((sum, one) => sum + one, 0);
  const [spokenTotal, writtenTotal] = [total(spoken), total(written)];
  return asVocabulary(
    [...new Set([...spoken.keys(), ...written.keys()])]
      .filter((word) => /^[a-z]+$/.test(word))
      .map((word) => ({
        word,
        probability: ((spoken.get(word) ?? 0) / spokenTotal + (written.get(word) ?? 0) / writtenTotal) / 2,
      }))
      .sort((a, b) => b.probability - a.probability || (a.word < b.word ? -1 : 1))
      .slice(0, size),
  );
}

function asVocabulary(entries: readonly { word: string; probability: number }[]): Vocabulary {
  return {
    words: entries.map(({ word }) => word),
    probabilities: entries.map(({ probability }) => probability),
  };
}
