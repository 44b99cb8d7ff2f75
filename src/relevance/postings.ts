import { bm25Gain, inverseFrequency } from './bm25.js';

/** Which of several texts have a key, and what it counts in each. */
interface Posting {
  readonly texts: number[];
  readonly gains: number[];
}

/** The keys of one text with how often each counts. */
export type Counts<Key> = ReadonlyMap<Key, number>;

/** Texts made ready to be asked about many times. */
export interface Postings<Key> {
  /** Adds to each text's score what it has of the keys, each times its weight (1 when absent). */
  addScores(keys: Counts<Key> | Iterable<Key>, scores: Float64Array): void;
  /** What a key counts in a text; 0 where the text does not have it. */
  gain(key: Key, text: number): number;
}

/** Gains by BM25: rare keys tell texts apart, repeats count ever less, and so do keys of a long text. */
export function bm25Postings<Key>(texts: readonly Counts<Key>[]): Postings<Key> {
  const lengths = texts.map((counts) => sumOf(counts.values()));
  const averageLength = sumOf(lengths) / (texts.length || 1) || 1;
  return makePostings(texts, (count, text, having) =>
    bm25Gain(count, inverseFrequency(having, texts.length), lengths[text]!, averageLength),
  );
}

/** Gains by the cosine of TF-IDF: the logarithm of how often, times how rare, over the length of the text's vector. */
export function cosinePostings<Key>(texts: readonly Counts<Key>[]): Postings<Key> {
  const frequencies = documentFrequencies(texts);
  const weight = (key: Key, count: number) =>
    (1 + Math.log(count)) * Math.log((texts.length + 1) / (frequencies.get(key)! + 0.5));
  const lengths = texts.map((counts) => {
    let squared = 0;
    for (const [key, count] of counts) squared += weight(key, count) ** 2;
    return Math.sqrt(squared) || 1;
  });
  return makePostings(texts, (count, text, having) => {
    const rarity = Math.log((texts.length + 1) / (having + 0.5));
    // Once for the text and once for the question, which has no weights of its own.
    return ((1 + Math.log(count)) * rarity * rarity) / lengths[text]!;
  });
}

function makePostings<Key>(
  texts: readonly Counts<Key>[],
  gainOf: (count: number, text: number, having: number) => number,
): Postings<Key> {
  const frequencies = documentFrequencies(texts);
  const postings = new Map<Key, Posting>();
  for (const [text, counts] of texts.entries()) {
    for (const [key, count] of counts) {
      const posting = postings.get(key) ?? { texts: [], gains: [] };
      postings.set(key, posting);
      posting.texts.push(text);
      posting.gains.push(gainOf(count, text, frequencies.get(key)!));
    }
  }
  return {
    addScores(keys, scores) {
      const weights = keys instanceof Map ? keys : undefined;
      for (const key of weights ? weights.keys() : (keys as Iterable<Key>)) {
        const posting = postings.get(key);
        if (!posting) continue;
        const weight = weights?.get(key) ?? 1;
        for (let at = 0; at < posting.texts.length; at++)
          scores[posting.texts[at]!]! += weight * posting.gains[at]!;
      }
    },
    gain(key, text) {
      const posting = postings.get(key);
      const at = posting?.texts.indexOf(text) ?? -1;
      return at < 0 ? 0 : posting!.gains[at]!;
    },
  };
}

function documentFrequencies<Key>(texts: readonly Counts<Key>[]): Map<Key, number> {
  const frequencies = new Map<Key, number>();
  for (const counts of texts)
    for (const key of counts.keys()) frequencies.set(key, (frequencies.get(key) ?? 0) + 1);
  return frequencies;
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
