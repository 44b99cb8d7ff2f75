import { cells } from './break-rows.js';
import { graphemes } from './graphemes.js';
import { sanitize } from './sanitize.js';

/** Foreign text made safe for the screen, its tabs as spaces because a tab has no width of its own in a layout. */
export function displayable(text: string): string {
  const safe = sanitize(text);
  return safe.includes('\t') ? safe.replaceAll('\t', '    ') : safe;
}

/** Foreign text on one line; line ends are shown as a mark. */
export function oneLine(text: string): string {
  return displayable(text.trim()).replace(/\s*\n\s*/g, ' ⏎ ');
}

/** The start of a one-line text that fits `columns` cells, with a mark where it was cut. */
export function clip(text: string, columns: number): string {
  if (columns <= 0) return '';
  const start = text.length > columns * 16 ? text.slice(0, columns * 16) : text;
  if (start === text && cells(text) <= columns) return text;
  let kept = '';
  let used = 0;
  for (const character of graphemes(start)) {
    const width = cells(character);
    if (used + width > columns - 1) break;
    kept += character;
    used += width;
  }
  return `${kept}…`;
}

/** The first of these one-line texts that fits, most words first; where none does, the start of the last. */
export function widest(columns: number, texts: readonly string[]): string {
  return texts.find((text) => cells(text) <= columns) ?? clip(texts.at(-1) ?? '', columns);
}

/** The first lines of a text, and how many were left out. */
export function headLines(text: string, most: number): { readonly lines: string[]; readonly left: number } {
  const lines = text.split('\n');
  return lines.length <= most
    ? { lines, left: 0 }
    : { lines: lines.slice(0, most), left: lines.length - most };
}

/** `0.4 s`, `12 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1_000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** US dollars with as many digits as a small amount needs; what costs nothing says so at a glance. */
export function dollars(amount: number): string {
  return `$${amount > 0 && amount < 1 ? amount.toFixed(4) : amount.toFixed(2)}`;
}

/** `950`, `12.3k`, `1.2M`. */
export function tokenCount(tokens: number): string {
  if (tokens < 1_000) return String(Math.round(tokens));
  if (tokens < 1_000_000) return `${trimZero((tokens / 1_000).toFixed(1))}k`;
  return `${trimZero((tokens / 1_000_000).toFixed(1))}M`;
}

function trimZero(number: string): string {
  return number.endsWith('.0') ? number.slice(0, -2) : number;
}
