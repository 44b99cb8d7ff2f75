import type { InputState } from '../input-state.js';
import { forgotten, withRoom } from './paste-room.js';

/** A large paste that stands in the input as its label. */
export interface Paste {
  /** Counted from 1 over the whole chat. */
  readonly number: number;
  readonly text: string;
  /** `[Pasted text #1 · 120 lines]` */
  readonly label: string;
}

/**
 * In the text of the input a large paste is one lone low surrogate. No text from outside has one, because sanitising and
 * decoding take lone surrogates away, so that a placeholder cannot be typed, pasted or read from a file; and to everything
 * that moves, deletes, kills and undoes it is a character like any other.
 */
const firstPlaceholder = 0xdc00;
export const mostPastes = 0x400;
const placeholders = /\p{Surrogate}/gu;

/** More than this is a large paste. */
const mostLines = 8;
const mostCharacters = 1_000;

/** What to insert for a paste, and the state that has it; a small one, and one that there is no place for, is its text. */
export function takePaste(
  before: InputState,
  text: string,
): { readonly inserted: string; readonly state: InputState } {
  const lines = lineCount(text);
  if (lines <= mostLines && text.length <= mostCharacters) return { inserted: text, state: before };
  const state = withRoom(before, text.length);
  const { pastes } = state;
  const place = pastes.length < mostPastes ? pastes.length : pastes.indexOf(forgotten);
  if (place < 0) return { inserted: text, state };
  const size = lines > 1 ? `${lines} lines` : `${text.length} characters`;
  const number = Math.max(0, ...pastes.map((paste) => paste.number)) + 1;
  const label = `[Pasted text #${number} · ${size}]`;
  const kept = [...pastes];
  kept[place] = { number, text, label };
  return { inserted: placeholder(place), state: { ...state, pastes: kept } };
}

/** A text of the input with its placeholders as what was pasted. */
export function expanded(text: string, pastes: readonly Paste[]): string {
  return withoutPlaceholders(text, pastes, (paste) => paste.text);
}

/** An edited text with the pastes of another one that it still has in it as placeholders again. */
export function collapsed(text: string, before: Pick<InputState, 'text' | 'pastes'>): string {
  let left = text;
  for (const [index, paste] of before.pastes.entries()) {
    if (before.text.includes(placeholder(index))) left = left.replace(paste.text, () => placeholder(index));
  }
  return left;
}

/** Text from outside: no placeholder of ours. */
export function foreign(text: string): string {
  return text.replace(placeholders, '');
}

export function withoutPlaceholders(
  text: string,
  pastes: readonly Paste[],
  instead: (paste: Paste) => string,
): string {
  return text.replace(placeholders, (_, index: number) => {
    const paste = pasteOf(text, index, pastes);
    return paste ? instead(paste) : '';
  });
}

/** Whether a placeholder stands at this index; what is there is no half of a character. */
export function isPlaceholder(text: string, index: number): boolean {
  const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
  const isLow = (unit: number) => unit >= firstPlaceholder && unit < firstPlaceholder + mostPastes;
  return isLow(text.charCodeAt(index)) && !(index > 0 && isHigh(text.charCodeAt(index - 1)));
}

export function pasteOf(text: string, index: number, pastes: readonly Paste[]): Paste | undefined {
  return pastes[text.charCodeAt(index) - firstPlaceholder];
}

export function placeholder(index: number): string {
  return String.fromCharCode(firstPlaceholder + index);
}

function lineCount(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < text.length - 1; at = text.indexOf('\n', at + 1))
    lines += 1;
  return lines;
}
