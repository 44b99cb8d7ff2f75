import { cosine } from '../embedding/cosine.js';
import { lexicalScores } from './lexical-scores.js';
import { standardScores } from './standard-scores.js';
import type { WordTexts } from './word-texts.js';

/** How much each way to look counts; together 1. */
const TERMS = 0.25;
const GRAMS = 0.25;
const MEANING = 0.5;

/** What a text has of the score of the one next to it, and of the one next but one. */
const NEXT = 0.4;
const NEXT_BUT_ONE = 0.2;

/**
 * How well each of the texts of a conversation answers the query: by its words, by parts of them, and by meaning (`vectors`, one a text), each in
 * standard deviations from the mean of all texts. What stands next to an answer has part of its score, because a question
 * and its answer belong together.
 */
export function relevance(
  query: { readonly text: string; readonly vector: Float32Array },
  texts: WordTexts,
  vectors: readonly Float32Array[],
): Float64Array {
  const { byTerms, byGrams } = lexicalScores(query.text, texts);
  const terms = standardScores(byTerms);
  const grams = standardScores(byGrams);
  const meaning = standardScores(vectors.map((vector) => cosine(query.vector, vector)));
  const own = terms.map((one, index) => TERMS * one + GRAMS * grams[index]! + MEANING * meaning[index]!);
  return own.map(
    (one, index) =>
      one +
      NEXT * ((own[index - 1] ?? 0) + (own[index + 1] ?? 0)) +
      NEXT_BUT_ONE * ((own[index - 2] ?? 0) + (own[index + 2] ?? 0)),
  );
}
