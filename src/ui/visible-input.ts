import { breakRows, cells } from './break-rows.js';
import { longestLine, rowsAround, type TypedText } from './input/rows-around.js';
import { shownText } from './input/shown-text.js';
import { lineStart } from './input/text-places.js';

export interface VisibleInput {
  readonly rows: readonly string[];
  /** Where the cursor stands: a row of `rows` and a cell in it. */
  readonly cursorRow: number;
  readonly cursorColumn: number;
  /** There is more above or below than is shown. */
  readonly above: boolean;
  readonly below: boolean;
}

/** The part of the input around the cursor in at most `mostRows` rows of `columns` cells; its cost does not grow with the text. */
export function visibleInput(typed: TypedText, columns: number, mostRows: number): VisibleInput {
  const { text, pastes } = typed;
  const around = rowsAround(typed, columns);
  const { start, end } = around;
  const rowsOf = (shown: string, rows = breakRows(shown, columns, 'typed')): string[] =>
    rows.map((row) => fitting(shown.slice(row.start, row.end), columns));
  const rows = rowsOf(around.shown, [...around.rows]);
  let cursorRow = around.row;
  // The cursor after a full row stands on the next one.
  if (cursorRow === rows.length) rows.push('');
  const most = Math.max(1, mostRows);
  let aboveFrom = start;
  while (cursorRow < most && aboveFrom > 0 && !around.cutStart) {
    const previous = Math.max(lineStart(text, aboveFrom - 1), aboveFrom - 1 - longestLine);
    const added = rowsOf(shownText(text.slice(previous, aboveFrom - 1), pastes));
    rows.unshift(...added);
    cursorRow += added.length;
    aboveFrom = previous;
  }
  let belowFrom = end;
  while (rows.length - cursorRow < most && belowFrom < text.length && !around.cutEnd) {
    const next = text.indexOf('\n', belowFrom + 1);
    const until = Math.min(next < 0 ? text.length : next, belowFrom + 1 + longestLine);
    rows.push(...rowsOf(shownText(text.slice(belowFrom + 1, until), pastes)));
    belowFrom = until;
  }
  // The window ends at the last row where it can, so that a growing text shows as much as fits.
  const first = Math.max(0, Math.min(cursorRow - Math.floor(most / 2), rows.length - most));
  return {
    rows: rows.slice(first, first + most),
    cursorRow: cursorRow - first,
    cursorColumn: around.column,
    above: first > 0 || aboveFrom > 0,
    below: first + most < rows.length || belowFrom < text.length,
  };
}

/** A row without the spaces that hang over the edge. */
function fitting(row: string, columns: number): string {
  const over = cells(row) - columns;
  return over > 0 ? row.slice(0, -over) : row;
}
