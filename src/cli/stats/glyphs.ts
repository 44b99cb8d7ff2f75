import { bar } from '../../ui/bar.js';
import type { Colours } from '../colours.js';

/** Where something is printed. */
export interface TerminalLook {
  /** Columns of the terminal; 0 where nobody looks. */
  readonly width: number;
  /** It shows more than ASCII. */
  readonly unicode: boolean;
  readonly colours: Colours;
}

/** What bars and lines are drawn with. */
export interface Glyphs {
  /** A bar of at most `width` cells. `share` is between 0 and 1; what is not nothing is seen. */
  bar(share: number, width: number): string;
  /** One cell a value, the highest in full; `null`, which nobody knows, as a question mark. */
  sparkline(values: readonly (number | null)[]): string;
  /** Text as this terminal can show it. */
  text(text: string): string;
}

const levels = { unicode: [...'▁▂▃▄▅▆▇█'], ascii: [...'_.:-=+*#'] };

export function glyphsOf({ unicode }: Pick<TerminalLook, 'unicode'>): Glyphs {
  return unicode ? unicodeGlyphs : asciiGlyphs;
}

const unicodeGlyphs: Glyphs = {
  bar,
  sparkline: (values) => sparkline(values, levels.unicode),
  text: (text) => text,
};

const asciiGlyphs: Glyphs = {
  bar: (share, width) => (share <= 0 ? '' : '#'.repeat(Math.max(1, Math.round(Math.min(1, share) * width)))),
  sparkline: (values) => sparkline(values, levels.ascii),
  text: (text) => {
    const known = text.replaceAll('≥', '>=').replaceAll('…', '~');
    return Array.from(known, (character) => (character > '~' ? '?' : character)).join('');
  },
};

/** The lowest level is nothing at all. */
function sparkline(values: readonly (number | null)[], cells: readonly string[]): string {
  const most = Math.max(...values.map((value) => value ?? 0));
  return values
    .map((value) => {
      if (value === null) return '?';
      if (value <= 0) return cells[0];
      return cells[Math.max(1, Math.round((value / most) * (cells.length - 1)))];
    })
    .join('');
}
