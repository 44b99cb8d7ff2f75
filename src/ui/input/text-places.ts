import { boundaryAt, nextBoundary, previousBoundary } from '../graphemes.js';
import { isPlaceholder } from './pastes.js';

/** The start of the line that `cursor` stands in. */
export function lineStart(text: string, cursor: number): number {
  return cursor <= 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1;
}

/** The end of that line, before its `\n`. */
export function lineEnd(text: string, cursor: number): number {
  const end = text.indexOf('\n', cursor);
  return end < 0 ? text.length : end;
}

const wordCharacter = /[\p{L}\p{N}\p{M}_]/u;

/** The start of the word before; a placeholder is a word of its own. */
export function wordLeft(text: string, cursor: number): number {
  let index = cursor;
  while (index > 0 && !isWord(text, previousBoundary(text, index))) {
    index = previousBoundary(text, index);
    if (isPlaceholder(text, index)) return index;
  }
  while (index > 0 && isWord(text, previousBoundary(text, index))) index = previousBoundary(text, index);
  return index;
}

/** The end of the word behind. */
export function wordRight(text: string, cursor: number): number {
  let index = cursor;
  while (index < text.length && !isWord(text, index)) {
    if (isPlaceholder(text, index)) return nextBoundary(text, index);
    index = nextBoundary(text, index);
  }
  while (index < text.length && isWord(text, index)) index = nextBoundary(text, index);
  return index;
}

/** `index`, or the next boundary where what stands around it has joined. */
export function boundaryFrom(text: string, index: number): number {
  const boundary = boundaryAt(text, index);
  return boundary === index ? index : nextBoundary(text, boundary);
}

function isWord(text: string, index: number): boolean {
  return wordCharacter.test(String.fromCodePoint(text.codePointAt(index) ?? 0x20));
}
