/** The usual constants of BM25 (Robertson and Zaragoza 2009): saturation of repeats, and how much length counts. */
const SATURATION = 1.2;
const LENGTH_WEIGHT = 0.5;

/**
 * What a key that stands `count` times in a text counts for it: more for a rare key, ever less for repeats, less in a text
 * of more keys than the average.
 */
export function bm25Gain(count: number, rarity: number, length: number, averageLength: number): number {
  const norm = SATURATION * (1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * length) / averageLength);
  return (rarity * count * (SATURATION + 1)) / (count + norm);
}

/** Rare keys tell texts apart; the form with `1 +` never goes below zero. */
export function inverseFrequency(having: number, all: number): number {
  return Math.log(1 + (all - having + 0.5) / (having + 0.5));
}
