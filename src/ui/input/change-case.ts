import type { InputState } from '../input-state.js';
import { edit } from './edit.js';
import { wordRight } from './text-places.js';

export type LetterCase = 'capitals' | 'small' | 'capitalized';

/** Writes the word at or behind the cursor in other letters and goes behind it. */
export function changeCase(state: InputState, how: LetterCase): InputState {
  const { text, cursor } = state;
  const end = wordRight(text, cursor);
  const word = text.slice(cursor, end);
  return edit(state, cursor, end, changed(word, how));
}

function changed(word: string, how: LetterCase): string {
  if (how === 'capitals') return word.toUpperCase();
  const small = word.toLowerCase();
  return how === 'small' ? small : small.replace(/\p{L}/u, (first) => first.toUpperCase());
}
