/**
 * Where a cursor may stand: the boundaries between what people see as characters.
 * Only the neighbourhood of the index is segmented, so that a huge text costs no more than a short one.
 */
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** No character that people type is longer than this many UTF-16 units. */
const longestGrapheme = 256;

/** The first boundary after `index`, or the end of the text. */
export function nextBoundary(text: string, index: number): number {
  if (index >= text.length) return text.length;
  if (isPlain(text, index) && (index + 1 === text.length || isPlain(text, index + 1))) return index + 1;
  const part = text.slice(index, index + longestGrapheme);
  for (const { segment } of segmenter.segment(part)) return index + segment.length;
  return text.length;
}

/** The last boundary before `index`, or 0. */
export function previousBoundary(text: string, index: number): number {
  if (index <= 0) return 0;
  if (isPlain(text, index - 1) && (index === 1 || isPlain(text, index - 2))) return index - 1;
  const start = safeStart(text, index);
  let boundary = start;
  for (const { index: offset } of segmenter.segment(text.slice(start, index))) boundary = start + offset;
  return boundary;
}

/** The boundary at or before `index`. */
export function boundaryAt(text: string, index: number): number {
  if (index <= 0) return 0;
  if (index >= text.length) return text.length;
  const start = safeStart(text, index);
  let boundary = start;
  for (const { index: offset } of segmenter.segment(text.slice(start, index + longestGrapheme))) {
    if (start + offset > index) break;
    boundary = start + offset;
  }
  return boundary;
}

/** The characters of a text, in order. */
export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** A place before `index` that surely is a boundary: an ASCII character starts there. */
function safeStart(text: string, index: number): number {
  const earliest = Math.max(0, index - longestGrapheme);
  for (let start = index - 1; start > earliest; start -= 1) {
    if (isPlain(text, start)) return start;
  }
  return earliest;
}

/** Printable ASCII and newline: nothing joins with such a neighbour. */
function isPlain(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return (code >= 0x20 && code < 0x7f) || code === 0x0a;
}
