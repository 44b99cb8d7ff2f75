import stringWidth from 'string-width';
import { graphemes, isUnjoined } from './graphemes.js';

/** One row of a broken line: the UTF-16 range of the text it shows. */
export interface Row {
  readonly start: number;
  readonly end: number;
}

/**
 * Breaks one line (no newlines in it) into rows of at most `columns` cells. `words` breaks at spaces where it can and
 * drops the spaces at the break; `hard` fills every row and keeps everything; `typed` breaks as `words` does but leaves
 * the spaces at the end of their row, over the edge, so that every place of the line is in a row. Appending to a line never changes
 * its rows but the last, which is what lets a stream show rows before the line ends.
 */
export function breakRows(line: string, columns: number, how: 'words' | 'hard' | 'typed'): Row[] {
  const width = Math.max(1, columns);
  if (fits(line, width)) return [{ start: 0, end: line.length }];
  if (how === 'hard') return hardRows(line, 0, width);
  const rows = wordRows(line, width);
  if (how === 'words') return rows;
  const starts = rows.map((row) => row.start);
  // Spaces before a word that needs the whole row have one of their own.
  if (starts[0] !== 0) starts.unshift(0);
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? line.length }));
}

/** Cells that a text takes; tabs and newlines must be gone. */
export function cells(text: string): number {
  if (!isUnjoined(text)) return stringWidth(text);
  let wide = 0;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) >= firstWide) wide += 1;
  return text.length + wide;
}

/** Of characters that join with no other, those from here on take two cells. */
const firstWide = 0x3041;

function fits(line: string, columns: number): boolean {
  // No character is wider than two cells, so that a short line needs no measuring.
  return line.length * 2 <= columns || (line.length <= columns * 32 && cells(line) <= columns);
}

function hardRows(line: string, offset: number, columns: number): Row[] {
  const rows: Row[] = [];
  let start = offset;
  let end = offset;
  let used = 0;
  for (const character of graphemes(line)) {
    const width = cells(character);
    if (used + width > columns && end > start) {
      rows.push({ start, end });
      start = end;
      used = 0;
    }
    end += character.length;
    used += width;
  }
  if (end > start || rows.length === 0) rows.push({ start, end });
  return rows;
}

function wordRows(line: string, columns: number): Row[] {
  const rows: Row[] = [];
  let start = 0;
  let end = 0;
  let used = 0;
  for (const match of line.matchAll(/( *)([^ ]+)/g)) {
    const [whole, spaces = '', word = ''] = match;
    const wordStart = match.index + spaces.length;
    const wordEnd = match.index + whole.length;
    const wordWidth = cells(word);
    if (used + spaces.length + wordWidth <= columns) {
      used += spaces.length + wordWidth;
    } else {
      if (end > start) rows.push({ start, end });
      const pieces = wordWidth <= columns ? [] : hardRows(word, wordStart, columns);
      const last = pieces.pop();
      rows.push(...pieces);
      start = last ? last.start : wordStart;
      used = last ? cells(line.slice(last.start, last.end)) : wordWidth;
    }
    end = wordEnd;
  }
  if (end > start || rows.length === 0) rows.push({ start, end });
  return rows;
}
