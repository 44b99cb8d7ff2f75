import type { ToolDescriptor, ToolScore, ToolSelectionStrategy } from '../core/extension.js';
import { forEachGram } from '../relevance/grams.js';
import { bm25Postings, cosinePostings, type Postings } from '../relevance/postings.js';
import { standardScores, stretched } from '../relevance/standard-scores.js';
import { distinctTerms, isStopWord, splitWords, stem, stems } from '../relevance/terms.js';
import { lastOf } from './last-of.js';

/** How often a word counts by where it stands: a name says more than a sentence of the description. */
const NAME_WEIGHT = 2;
const KEYWORD_WEIGHT = 2;
const DESCRIPTION_WEIGHT = 1;
const PARAMETER_WEIGHT = 0.5;

/** The best tool scores this much where none shares a whole word with the request, only parts of words. */
const PARTS_ONLY = 0.5;

/** At most this many words of a request are named in a reason. */
const REASON_WORDS = 4;

/**
 * Ranks tools by the words they share with the request (BM25 over names, descriptions, parameters and keywords) and, with
 * the same weight, by parts of words (n-grams), so that `translator` finds `translate` and a typing error does no harm.
 */
export function createKeywordStrategy(): ToolSelectionStrategy {
  const indexOf = lastOf(makeIndex);
  return { name: 'keyword', score: (request, tools) => score(request, tools, indexOf(tools)) };
}

interface Index {
  readonly terms: Postings<string>;
  readonly grams: Postings<number>;
}

function score(request: string, tools: readonly ToolDescriptor[], { terms, grams }: Index): ToolScore[] {
  const wanted = distinctTerms(request);
  const byTerms = new Float64Array(tools.length);
  terms.addScores(wanted.keys(), byTerms);
  const byGrams = new Float64Array(tools.length);
  const asked = [...gramCounts([request])].map(([gram, count]) => [gram, 1 + Math.log(count)] as const);
  grams.addScores(new Map(asked), byGrams);
  const spelled = standardScores(byGrams);
  const both = standardScores(byTerms).map((one, index) => one + spelled[index]!);
  const scores = stretched(both, bestScore(byTerms, byGrams));
  return tools.map(({ name }, tool) => {
    // Most tools share no word, and then there is none to name.
    const matched = byTerms[tool]! > 0 ? matchedWords(wanted, terms, tool) : [];
    return { name, score: scores[tool]!, reason: reason(matched, byGrams[tool]! > 0) };
  });
}

interface MatchedWord {
  readonly word: string;
  readonly gain: number;
}

function matchedWords(
  wanted: ReadonlyMap<string, string>,
  terms: Postings<string>,
  tool: number,
): MatchedWord[] {
  const matched: MatchedWord[] = [];
  for (const [key, word] of wanted) {
    const gain = terms.gain(key, tool);
    if (gain > 0) matched.push({ word, gain });
  }
  return matched;
}

function bestScore(byTerms: Float64Array, byGrams: Float64Array): number {
  if (byTerms.some((one) => one > 0)) return 1;
  return byGrams.some((one) => one > 0) ? PARTS_ONLY : 0;
}

function makeIndex(tools: readonly ToolDescriptor[]): Index {
  return {
    terms: bm25Postings(tools.map(termCounts)),
    grams: cosinePostings(
      tools.map(({ name, description, keywords, parameters }) =>
        gramCounts([name, description, ...keywords, ...parameters]),
      ),
    ),
  };
}

function termCounts({ name, description, parameters, keywords }: ToolDescriptor): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (text: string, weight: number) => {
    for (const key of stems(text)) counts.set(key, (counts.get(key) ?? 0) + weight);
  };
  add(name, NAME_WEIGHT);
  // `webSearch` is also found by "websearch".
  const whole = stem(name.toLowerCase());
  if (!counts.has(whole)) counts.set(whole, NAME_WEIGHT);
  add(description, DESCRIPTION_WEIGHT);
  add(parameters.join(' '), PARAMETER_WEIGHT);
  add(keywords.join(' '), KEYWORD_WEIGHT);
  return counts;
}

function gramCounts(texts: readonly string[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const text of texts) {
    for (const word of splitWords(text)) {
      if (!isStopWord(word)) forEachGram(word, (gram) => counts.set(gram, (counts.get(gram) ?? 0) + 1));
    }
  }
  return counts;
}

function reason(matched: MatchedWord[], hasParts: boolean): string {
  if (matched.length === 0)
    return hasParts ? 'has parts of words of the request' : 'matches nothing in the request';
  const strongest = matched.sort((a, b) => b.gain - a.gain).slice(0, REASON_WORDS);
  return `matches ${strongest.map((one) => `"${one.word}"`).join(', ')}`;
}
