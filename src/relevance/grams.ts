const SHORTEST_GRAM = 3;
const LONGEST_GRAM = 5;

const WORD_START = 2;
const WORD_END = 3;
const SEED = 0x811c9dc5;

/**
 * The hashes of a word's n-grams (3 to 5 characters, the ends of the word among them), so that words that are spelled
 * alike have many in common.
 */
export function forEachGram(word: string, visit: (hash: number) => void): void {
  const length = word.length + 2;
  for (let start = 0; start + SHORTEST_GRAM <= length; start++) {
    const end = Math.min(length, start + LONGEST_GRAM);
    let hash = SEED;
    for (let index = start; index < end; index++) {
      hash = withCode(hash, codeAt(word, index));
      if (index - start + 1 >= SHORTEST_GRAM) visit(hash);
    }
  }
}

/** How many there are. */
export function countGrams(word: string): number {
  const length = word.length + 2;
  let grams = 0;
  for (let size = SHORTEST_GRAM; size <= LONGEST_GRAM; size++) grams += Math.max(0, length - size + 1);
  return grams;
}

/** The characters of a word with a mark before the first and one behind the last. */
function codeAt(word: string, index: number): number {
  if (index === 0) return WORD_START;
  return index > word.length ? WORD_END : word.charCodeAt(index - 1);
}

/** One step of FNV-1a, over a UTF-16 code unit instead of a byte. */
export function withCode(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}
