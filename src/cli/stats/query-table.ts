import { fitTable } from './fit-table.js';
import { glyphsOf, type TerminalLook } from './glyphs.js';
import type { QueryValue } from './query-process.js';

/** The answer to a query in aligned columns, numbers at the right, with a line end after the last row. */
export function queryTable(
  columns: readonly string[],
  rows: readonly (readonly QueryValue[])[],
  look: TerminalLook,
): string {
  const { text } = glyphsOf(look);
  const table = columns.map((head, index) => {
    const isNumber = rows.length > 0 && rows.every((row) => typeof row[index] !== 'string');
    const texts = rows.map((row) => text(String(row[index] ?? null)));
    return { head: text(head), texts, ...(isNumber ? { right: true as const } : {}) };
  });
  const [head = '', ...lines] = fitTable(table, look.width).map(text);
  return [look.colours.dim(head), ...lines].map((line) => `${line}\n`).join('');
}
