import { breakRows, cells, type Row } from '../break-rows.js';
import { boundaryAt, graphemes, previousBoundary } from '../graphemes.js';
import type { InputState } from '../input-state.js';
import { placeOf, shownText, textPlace } from './shown-text.js';
import { lineEnd, lineStart } from './text-places.js';

/** What the rows of the input depend on. */
export type TypedText = Pick<InputState, 'text' | 'cursor' | 'pastes'>;

/** Of a line longer than this only the part around the cursor is looked at. */
export const longestLine = 16_384;

/** The line of the cursor, as it is shown, in rows of so many cells. */
export interface RowsAround {
  /** The part of the text that is looked at: the whole line, unless that is very long. */
  readonly start: number;
  readonly end: number;
  /** There is more of the line before, after. */
  readonly cutStart: boolean;
  readonly cutEnd: boolean;
  readonly shown: string;
  readonly rows: readonly Row[];
  /** Where the cursor is. Its row is one more than the rows there are when it stands behind a full last row. */
  readonly row: number;
  readonly column: number;
}

export function rowsAround({ text, cursor, pastes }: TypedText, columns: number): RowsAround {
  const [first, last] = [lineStart(text, cursor), lineEnd(text, cursor)];
  const start = Math.max(first, boundaryAt(text, cursor - longestLine / 2));
  const end = Math.min(last, boundaryAt(text, cursor + longestLine / 2));
  const shown = shownText(text.slice(start, end), pastes);
  const rows = breakRows(shown, columns, 'typed');
  const place = placeOf(text.slice(start, end), cursor - start, pastes);
  let row = rows.findIndex((one) => place < one.end);
  if (row < 0) row = rows.length - 1;
  let column = cells(shown.slice(rows[row]?.start ?? 0, place));
  if (row < rows.length - 1) column = Math.min(column, columns - 1);
  else if (column >= columns) {
    row += 1;
    column = 0;
  }
  return { start, end, cutStart: start > first, cutEnd: end < last, shown, rows, row, column };
}

/** The place in the row above that is nearest to this column of cells; `undefined` when there is no row above. */
export function placeAbove(typed: TypedText, columns: number, column: number): number | undefined {
  const around = rowsAround(typed, columns);
  if (around.row > 0) return placeIn(typed, around, around.row - 1, column, 'start');
  if (around.start === 0 || around.cutStart) return undefined;
  const above = rowsAround({ ...typed, cursor: around.start - 1 }, columns);
  return placeIn(typed, above, above.rows.length - 1, column, 'start');
}

/** The same for the row below. */
export function placeBelow(typed: TypedText, columns: number, column: number): number | undefined {
  const around = rowsAround(typed, columns);
  if (around.row < around.rows.length - 1) return placeIn(typed, around, around.row + 1, column, 'end');
  if (around.end === typed.text.length || around.cutEnd) return undefined;
  const below = rowsAround({ ...typed, cursor: around.end + 1 }, columns);
  return placeIn(typed, below, 0, column, 'end');
}

/** `side`: where to go from the middle of something that is one unit. */
function placeIn(
  { text, pastes }: TypedText,
  { start, end, shown, rows }: RowsAround,
  index: number,
  column: number,
  side: 'start' | 'end',
): number {
  const row = rows[index] ?? { start: 0, end: 0 };
  const inRow = shown.slice(row.start, row.end);
  // The end of a row that goes on is the first place of the next one.
  const most = index === rows.length - 1 ? inRow.length : previousBoundary(inRow, inRow.length);
  let place = 0;
  let used = 0;
  for (const character of graphemes(inRow)) {
    used += cells(character);
    if (used > column || place + character.length > most) break;
    place += character.length;
  }
  return boundaryAt(text, start + textPlace(text.slice(start, end), row.start + place, side, pastes));
}
