import { sanitize } from '../ui/sanitize.js';
import type { Colours } from './colours.js';

export interface TableOptions {
  /** Columns of the terminal; the last column of the table is cut to fit. 0 cuts nothing. */
  readonly width: number;
  readonly colours: Colours;
  /** Indexes of the columns that hold numbers. */
  readonly right?: readonly number[];
}

/** Rows in aligned columns under a dim head, one line each, with a line end after the last. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { width, colours, right = [] }: TableOptions,
): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => sanitize(cell).replaceAll(/\s+/g, ' ')));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) => {
    const line = row
      .map((cell, column) => {
        const size = widths[column] ?? 0;
        return right.includes(column) ? cell.padStart(size) : cell.padEnd(size);
      })
      .join('  ')
      .trimEnd();
    return width > 0 && line.length > width ? `${line.slice(0, width - 1)}…` : line;
  });
  const [first = '', ...others] = lines;
  return [colours.dim(first), ...others].map((line) => `${line}\n`).join('');
}
