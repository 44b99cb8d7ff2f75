import { redact } from '../core/redact.js';
import type { SnippetPart } from '../core/store.js';
import { folded, isPhraseAt, type Phrase, wordsOf } from './search-words.js';

const BEFORE_CHARACTERS = 50;
const SNIPPET_CHARACTERS = 180;
/** Where the words are looked for; a match further on is shown by the beginning of its part. */
const EXAMINED_CHARACTERS = 400_000;

interface Place {
  readonly start: number;
  readonly end: number;
}

/** One line from around the first match. Keys are taken out of the whole text, because half of one looks like none. */
export function snippetOf(text: string, phrases: readonly Phrase[]): readonly SnippetPart[] {
  const clean = redact(text.slice(0, EXAMINED_CHARACTERS));
  const [first] = placesOf(clean, phrases, 1);
  const from = wordStart(clean, Math.max(0, (first?.start ?? 0) - BEFORE_CHARACTERS));
  const window = wholeCharacters(clean.slice(from, from + SNIPPET_CHARACTERS));
  const parts: SnippetPart[] = [];
  const add = (piece: string, matched: boolean) => {
    const line = piece.replace(/\s+/g, ' ');
    if (line !== '') parts.push({ text: line, matched });
  };
  let at = 0;
  add(from > 0 ? '…' : '', false);
  for (const { start, end } of placesOf(window, phrases)) {
    add(window.slice(at, start), false);
    add(window.slice(start, end), true);
    at = end;
  }
  add(`${window.slice(at)}${from + window.length < clean.length ? '…' : ''}`, false);
  return parts;
}

/** Where words stand that belong to a match of any phrase, in order; as many as are wanted. */
function placesOf(
  text: string,
  phrases: readonly Phrase[],
  most = Number.POSITIVE_INFINITY,
): readonly Place[] {
  const words: string[] = [];
  const places: Place[] = [];
  const found = new Map<number, Place>();
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    for (const part of wordsOf(folded(word))) {
      places.push({ start: index, end: index + word.length });
      words.push(part);
      for (const phrase of phrases) {
        const start = words.length - phrase.words.length;
        if (start < 0 || !isPhraseAt(words, start, phrase)) continue;
        for (const place of places.slice(start)) found.set(place.start, place);
      }
    }
    if (found.size >= most) break;
  }
  return [...found.values()].sort((a, b) => a.start - b.start);
}

function wordStart(text: string, position: number): number {
  if (position === 0) return 0;
  const space = text.slice(position, position + BEFORE_CHARACTERS).search(/\s\S/);
  return position + space + 1;
}

/** Never half of a character that takes two UTF-16 units. */
function wholeCharacters(text: string): string {
  return text.replace(/^[\udc00-\udfff]/, '').replace(/[\ud800-\udbff]$/, '');
}
