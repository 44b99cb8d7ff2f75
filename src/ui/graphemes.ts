/**
 * Where a cursor may stand: the boundaries between what people see as characters.
 * Only the neighbourhood of the index is segmented, so that a huge text costs no more than a short one.
 */
const segmenter = {
  segment(text: string): Intl.Segments {
    made ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
    return made.segment(text);
  },
};
/** With the first text that needs it: to make one takes up to 30 ms. */
let made: Intl.Segmenter | undefined;
/** How many UTF-16 units are looked at first; a character that fills them is looked at whole. */
const neighbourhood = 64;

/** The first boundary after `index`, or the end of the text. */
export function nextBoundary(text: string, index: number): number {
  if (index >= text.length) return text.length;
  if (isPlain(text, index) && (index + 1 === text.length || isPlain(text, index + 1))) return index + 1;
  for (let width = neighbourhood; ; width *= 2) {
    const part = text.slice(index, index + width);
    const { segment } = segmenter.segment(part).containing(0) as Intl.SegmentData;
    if (segment.length < part.length || index + width >= text.length) return index + segment.length;
  }
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
  // Whether one ends at `index` depends on what is before it and on one code point behind it.
  for (const { index: offset } of segmenter.segment(text.slice(start, index + 2))) {
    if (start + offset > index) break;
    boundary = start + offset;
  }
  return boundary;
}

/**
 * Latin, Greek, Cyrillic, kana and Han letters, and the signs that Victor draws with, none of which joins with another one of these: asking Intl about each
 * would take seconds for a line that somebody made long.
 */
const unjoined =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u203a\u2190-\u2193\u2500-\u25a0\u2713\u2717\u276f\u2800-\u28ff\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]*$/;

/** Whether every UTF-16 unit of the text is a character of its own. */
export function isUnjoined(text: string): boolean {
  return unjoined.test(text);
}

/** The characters of a text, in order. */
export function graphemes(text: string): string[] {
  if (isUnjoined(text)) return text.split('');
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** The nearest place before `index` that surely is a boundary, whatever else is before it. */
function safeStart(text: string, index: number): number {
  for (let start = index - 1; start > 0; start -= 1) {
    if (isSurelyBoundary(text, start)) return start;
  }
  return 0;
}

/** What joins with what follows it or not, depending on what is before it: marks, joiners, halves of flags. */
const dependsOnMore = /^[\p{Grapheme_Extend}\p{Regional_Indicator}\p{Emoji_Modifier}\u200c\u200d]$/u;

function isSurelyBoundary(text: string, index: number): boolean {
  if (isPlain(text, index) && isPlain(text, index - 1)) return true;
  if (isLowSurrogate(text, index)) return false;
  const before = text.slice(index - (isLowSurrogate(text, index - 1) ? 2 : 1), index);
  if (dependsOnMore.test(before)) return false;
  const both = before + String.fromCodePoint(text.codePointAt(index) ?? 0);
  return segmenter.segment(both).containing(0)?.segment === before;
}

function isLowSurrogate(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xdc00;
}

/** Printable ASCII and newline: two of these never join. */
function isPlain(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return (code >= 0x20 && code < 0x7f) || code === 0x0a;
}
