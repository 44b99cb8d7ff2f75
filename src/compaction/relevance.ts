import { stems } from '../selection/terms.js';

/** The usual constants of BM25 (Robertson and Zaragoza 2009): saturation of repeats, and how much length counts. */
const SATURATION = 1.2;
const LENGTH_WEIGHT = 0.75;

/** How well each text answers the query by BM25 over word stems: 0 for one that shares no word with it, no upper bound. */
export function relevance(query: string, texts: readonly string[]): readonly number[] {
  const wanted = new Set(stems(query));
  const documents = texts.map((text) => countWanted(text, wanted));
  const averageLength = documents.reduce((sum, { length }) => sum + length, 0) / (texts.length || 1) || 1;
  const weights = new Map<string, number>();
  for (const term of wanted) {
    const having = documents.filter(({ counts }) => counts.has(term)).length;
    weights.set(term, Math.log(1 + (texts.length - having + 0.5) / (having + 0.5)));
  }
  return documents.map(({ counts, length }) => {
    let score = 0;
    for (const [term, count] of counts) {
      const norm = SATURATION * (1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * length) / averageLength);
      score += (weights.get(term)! * count * (SATURATION + 1)) / (count + norm);
    }
    return score;
  });
}

function countWanted(text: string, wanted: ReadonlySet<string>) {
  const counts = new Map<string, number>();
  const all = stems(text);
  for (const term of all) if (wanted.has(term)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return { counts, length: all.length };
}
