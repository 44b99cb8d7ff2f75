import { kinds, LOWER, OTHER, splitWords, UPPER } from './terms.js';

/** Several texts in their words, each distinct word once: tens of thousands of texts share most of theirs. */
export interface WordTexts {
  /** Distinct, in lower case, in the order in which they came first. */
  readonly words: readonly string[];
  /** The words of all texts, one text behind the other, as places in `words`. */
  readonly ids: Uint32Array;
  /** Where in `ids` each text begins, and where the last ends. */
  readonly starts: Uint32Array;
}

const ascii = /^[\0-\x7f]*$/;
const SEED = 0x811c9dc5;
const LETTERS_A_WORD = 5;
const LEAST_SLOTS = 64;

/** The same words as `splitWords` gives of each text, without a string for each time that a word comes. */
export function wordTexts(texts: readonly string[]): WordTexts {
  const table = new WordTable(texts.reduce((sum, { length }) => sum + length, 0));
  const starts = new Uint32Array(texts.length + 1);
  for (let index = 0; index < texts.length; index++) {
    const text = texts[index]!;
    if (ascii.test(text)) addAscii(text, table);
    else for (const word of splitWords(text)) table.add(word, 0, word.length, hashOf(word));
    starts[index + 1] = table.count;
  }
  return { words: table.words, ids: table.ids.subarray(0, table.count), starts };
}

function addAscii(text: string, table: WordTable): void {
  let start = -1;
  let previous = OTHER;
  let hash = SEED;
  const { length } = text;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    const kind = kinds[code]!;
    if (kind === OTHER) {
      if (start >= 0) table.add(text, start, index, hash);
      start = -1;
    } else {
      if (start < 0) {
        start = index;
        hash = SEED;
      } else if (
        kind === UPPER &&
        (previous !== UPPER || (index + 1 < length && kinds[text.charCodeAt(index + 1)] === LOWER))
      ) {
        table.add(text, start, index, hash);
        start = index;
        hash = SEED;
      }
      hash = Math.imul(hash ^ (kind === UPPER ? code | 0x20 : code), 0x01000193);
    }
    previous = kind;
  }
  if (start >= 0) table.add(text, start, length, hash);
}

/** FNV-1a over the UTF-16 code units. */
function hashOf(word: string): number {
  let hash = SEED;
  for (let index = 0; index < word.length; index++)
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  return hash;
}

/** Distinct words by what they are spelled like: a hash table with linear probing that grows. */
class WordTable {
  readonly words: string[] = [];
  ids: Uint32Array;
  count = 0;
  readonly #hashes: number[] = [];
  /** The place of a word + 1, or 0 where there is none. */
  #slots = new Uint32Array(LEAST_SLOTS);

  constructor(letters: number) {
    this.ids = new Uint32Array(Math.max(16, Math.ceil(letters / LETTERS_A_WORD)));
  }

  /** Adds the word that stands there in a text; its hash is that of the word in lower case. */
  add(text: string, start: number, end: number, hash: number): void {
    if (this.count === this.ids.length) {
      const more = new Uint32Array(2 * this.ids.length);
      more.set(this.ids);
      this.ids = more;
    }
    this.ids[this.count++] = this.#find(text, start, end, hash);
  }

  #find(text: string, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = mixed(hash) & mask; ; slot = (slot + 1) & mask) {
      const place = this.#slots[slot]! - 1;
      if (place < 0) return this.#insert(slot, text.slice(start, end).toLowerCase(), hash);
      if (this.#hashes[place] === hash && isSame(this.words[place]!, text, start, end)) return place;
    }
  }

  #insert(slot: number, word: string, hash: number): number {
    const place = this.words.push(word) - 1;
    this.#hashes.push(hash);
    this.#slots[slot] = place + 1;
    if (2 * this.words.length > this.#slots.length) this.#grow();
    return place;
  }

  #grow(): void {
    const slots = new Uint32Array(4 * this.#slots.length);
    const mask = slots.length - 1;
    for (let place = 0; place < this.#hashes.length; place++) {
      let slot = mixed(this.#hashes[place]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = place + 1;
    }
    this.#slots = slots;
  }
}

/** The low bits of FNV-1a are the weakest. */
function mixed(hash: number): number {
  return hash ^ (hash >>> 15);
}

function isSame(word: string, text: string, start: number, end: number): boolean {
  if (word.length !== end - start) return false;
  for (let index = 0; index < word.length; index++) {
    const code = text.charCodeAt(start + index);
    const lower = code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
    if (word.charCodeAt(index) !== lower) return false;
  }
  return true;
}
