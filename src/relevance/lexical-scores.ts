import { bm25Gain, inverseFrequency } from './bm25.js';
import { countGrams, forEachGram } from './grams.js';
import { isStopWord, splitWords, stem } from './terms.js';
import type { WordTexts } from './word-texts.js';

/** How well texts answer a query by its words, and by parts of them; 0 for a text that has none, no upper bound. */
export interface LexicalScores {
  readonly byTerms: Float64Array;
  readonly byGrams: Float64Array;
}

/**
 * BM25 over the query's stems, and over the n-grams of its words, each text once through: of what is not in the query only
 * the length is looked at, so that tens of thousands of texts take no index.
 */
export function lexicalScores(query: string, { words, ids, starts }: WordTexts): LexicalScores {
  const terms = new Map<string, number>();
  const grams = new Map<number, number>();
  for (const word of splitWords(query)) {
    if (isStopWord(word)) continue;
    place(terms, stem(word));
    forEachGram(word, (gram) => place(grams, gram));
  }
  const { termOf, gramsOf, gramCounts } = takenApart(words, terms, grams);
  const texts = starts.length - 1;
  const byTerms = new Occurrences(terms.size, texts);
  const byGrams = new Occurrences(grams.size, texts);
  for (let text = 0; text < texts; text++) {
    let length = 0;
    let gramLength = 0;
    for (let at = starts[text]!; at < starts[text + 1]!; at++) {
      const word = ids[at]!;
      const term = termOf[word]!;
      if (term === STOP) continue;
      length += 1;
      gramLength += gramCounts[word]!;
      if (term >= 0) byTerms.add(text, term);
      const shared = gramsOf[word];
      if (shared !== undefined) for (const gram of shared) byGrams.add(text, gram);
    }
    byTerms.lengths[text] = length;
    byGrams.lengths[text] = gramLength;
  }
  return { byTerms: byTerms.scores(), byGrams: byGrams.scores() };
}

function place<Key>(places: Map<Key, number>, key: Key): void {
  if (!places.has(key)) places.set(key, places.size);
}

/** Places of a word that is not in the query, and of one that counts nowhere. */
const NONE = -1;
const STOP = -2;

/** What each distinct word has of the query: its term, its n-grams if there are any, and how many n-grams it has in all. */
function takenApart(
  words: readonly string[],
  terms: ReadonlyMap<string, number>,
  grams: ReadonlyMap<number, number>,
) {
  const termOf = new Int32Array(words.length).fill(STOP);
  const gramsOf = new Array<readonly number[] | undefined>(words.length).fill(undefined);
  const gramCounts = new Uint32Array(words.length);
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (isStopWord(word)) continue;
    termOf[index] = terms.get(stem(word)) ?? NONE;
    gramCounts[index] = countGrams(word);
    let found: number[] | undefined;
    forEachGram(word, (gram) => {
      const at = grams.get(gram);
      if (at === undefined) return;
      found ??= [];
      found.push(at);
    });
    gramsOf[index] = found;
  }
  return { termOf, gramsOf, gramCounts };
}

/** Which texts have a key, in order, and how often. */
interface Having {
  readonly texts: number[];
  readonly counts: number[];
}

/** Which text has which key of the query, and how often. Texts come one after the other. */
class Occurrences {
  readonly lengths: Float64Array;
  readonly #keys: readonly Having[];

  constructor(keys: number, texts: number) {
    this.lengths = new Float64Array(texts);
    this.#keys = Array.from({ length: keys }, () => ({ texts: [], counts: [] }));
  }

  add(text: number, key: number): void {
    const { texts, counts } = this.#keys[key]!;
    const last = texts.length - 1;
    if (texts[last] === text) counts[last]! += 1;
    else {
      texts.push(text);
      counts.push(1);
    }
  }

  scores(): Float64Array {
    const all = this.lengths.length;
    const average = this.lengths.reduce((sum, one) => sum + one, 0) / (all || 1) || 1;
    const scores = new Float64Array(all);
    for (const { texts, counts } of this.#keys) {
      const rarity = inverseFrequency(texts.length, all);
      for (let at = 0; at < texts.length; at++) {
        const text = texts[at]!;
        scores[text]! += bm25Gain(counts[at]!, rarity, this.lengths[text]!, average);
      }
    }
    return scores;
  }
}
