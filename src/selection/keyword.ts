import type { ToolDescriptor, ToolScore, ToolSelectionStrategy } from '../core/extension.js';
import { distinctTerms, stem, stems } from './terms.js';

/** The usual constants of BM25 (Robertson and Zaragoza 2009): saturation of repeats, and how much length counts. */
const SATURATION = 1.2;
const LENGTH_WEIGHT = 0.5;

/** How often a word counts by where it stands: a name says more than a sentence of the description. */
const NAME_WEIGHT = 2;
const KEYWORD_WEIGHT = 2;
const DESCRIPTION_WEIGHT = 1;
const PARAMETER_WEIGHT = 0.5;

/** At most this many words of a request are named in a reason. */
const REASON_WORDS = 4;

/** Ranks tools by the words they share with the request (BM25 over names, descriptions, parameters and keywords). */
export function createKeywordStrategy(): ToolSelectionStrategy {
  return { name: 'keyword', score };
}

interface Indexed {
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

function score(request: string, tools: readonly ToolDescriptor[]): readonly ToolScore[] {
  const indexed = tools.map(index);
  const averageLength = indexed.reduce((sum, one) => sum + one.length, 0) / Math.max(1, indexed.length) || 1;
  const wanted = distinctTerms(request);
  const weights = new Map<string, number>();
  for (const key of wanted.keys()) weights.set(key, inverseFrequency(key, indexed));

  const raw = indexed.map((one) => {
    let total = 0;
    const matched: { word: string; gain: number }[] = [];
    for (const [key, word] of wanted) {
      const count = one.counts.get(key);
      if (count === undefined) continue;
      const norm = SATURATION * (1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * one.length) / averageLength);
      const gain = ((weights.get(key) ?? 0) * (count * (SATURATION + 1))) / (count + norm);
      total += gain;
      matched.push({ word, gain });
    }
    return { total, matched };
  });

  const best = Math.max(0, ...raw.map((one) => one.total));
  return tools.map((tool, position) => {
    const { total = 0, matched = [] } = raw[position] ?? {};
    return { name: tool.name, score: best === 0 ? 0 : total / best, reason: reason(matched) };
  });
}

function index(tool: ToolDescriptor): Indexed {
  const counts = new Map<string, number>();
  let length = 0;
  const add = (text: string, weight: number) => {
    for (const key of stems(text)) {
      counts.set(key, (counts.get(key) ?? 0) + weight);
      length += weight;
    }
  };
  add(tool.name, NAME_WEIGHT);
  // `webSearch` is also found by "websearch".
  const whole = tool.name.toLowerCase();
  if (!counts.has(stem(whole))) counts.set(stem(whole), NAME_WEIGHT);
  add(tool.description, DESCRIPTION_WEIGHT);
  add(tool.parameters.join(' '), PARAMETER_WEIGHT);
  add(tool.keywords.join(' '), KEYWORD_WEIGHT);
  return { counts, length };
}

/** Rare words tell tools apart; the form with `1 +` never goes below zero. */
function inverseFrequency(key: string, indexed: readonly Indexed[]): number {
  const having = indexed.filter((one) => one.counts.has(key)).length;
  return Math.log(1 + (indexed.length - having + 0.5) / (having + 0.5));
}

function reason(matched: readonly { word: string; gain: number }[]): string {
  if (matched.length === 0) return 'matches nothing in the request';
  const strongest = [...matched].sort((a, b) => b.gain - a.gain).slice(0, REASON_WORDS);
  return `matches ${strongest.map((one) => `"${one.word}"`).join(', ')}`;
}
