import { breakRows, cells } from './break-rows.js';
import { boundaryAt } from './graphemes.js';

export interface VisibleInput {
  readonly rows: readonly string[];
  /** Where the cursor stands: a row of `rows` and a cell in it. */
  readonly cursorRow: number;
  readonly cursorColumn: number;
  /** There is more above or below than is shown. */
  readonly above: boolean;
  readonly below: boolean;
}

/** Of a line longer than this only the part around the cursor is looked at. */
const longestLine = 16_384;

/** The part of the input around the cursor in at most `mostRows` rows of `columns` cells; its cost does not grow with the text. */
export function visibleInput(text: string, cursor: number, columns: number, mostRows: number): VisibleInput {
  const [lineStart, lineEnd] = lineAround(text, cursor);
  const start = Math.max(lineStart, boundaryAt(text, cursor - longestLine / 2));
  const end = Math.min(lineEnd, boundaryAt(text, cursor + longestLine / 2));
  const line = shown(text.slice(start, end));
  const broken = breakRows(line, columns, 'typed');
  const rows = broken.map((row) => fitting(line.slice(row.start, row.end), columns));
  const place = cursor - start;
  let cursorRow = broken.findIndex((row) => place < row.end);
  if (cursorRow < 0) cursorRow = broken.length - 1;
  let cursorColumn = cells(line.slice(broken[cursorRow]?.start ?? 0, place));
  if (cursorRow < rows.length - 1) cursorColumn = Math.min(cursorColumn, columns - 1);
  else if (cursorColumn >= columns) {
    // The cursor after a full row stands on the next one.
    rows.splice(cursorRow + 1, 0, '');
    cursorRow += 1;
    cursorColumn = 0;
  }
  const most = Math.max(1, mostRows);
  let aboveFrom = start;
  while (cursorRow < most && aboveFrom > 0 && start === lineStart) {
    const previous = Math.max(lineAround(text, aboveFrom - 1)[0], aboveFrom - 1 - longestLine);
    const added = rowsOf(text.slice(previous, aboveFrom - 1), columns);
    rows.unshift(...added);
    cursorRow += added.length;
    aboveFrom = previous;
  }
  let belowFrom = end;
  while (rows.length - cursorRow < most && belowFrom < text.length && end === lineEnd) {
    const next = text.indexOf('\n', belowFrom + 1);
    const until = Math.min(next < 0 ? text.length : next, belowFrom + 1 + longestLine);
    rows.push(...rowsOf(text.slice(belowFrom + 1, until), columns));
    belowFrom = until;
  }
  // The window ends at the last row where it can, so that a growing text shows as much as fits.
  const first = Math.max(0, Math.min(cursorRow - Math.floor(most / 2), rows.length - most));
  return {
    rows: rows.slice(first, first + most),
    cursorRow: cursorRow - first,
    cursorColumn,
    above: first > 0 || aboveFrom > 0,
    below: first + most < rows.length || belowFrom < text.length,
  };
}

function rowsOf(line: string, columns: number): string[] {
  const safe = shown(line);
  return breakRows(safe, columns, 'typed').map((row) => fitting(safe.slice(row.start, row.end), columns));
}

/** A row without the spaces that hang over the edge. */
function fitting(row: string, columns: number): string {
  const over = cells(row) - columns;
  return over > 0 ? row.slice(0, -over) : row;
}

/** A tab is shown as one mark, so that every index of the text keeps its place. */
function shown(line: string): string {
  return line.replaceAll('\t', '→');
}

function lineAround(text: string, cursor: number): [number, number] {
  const start = cursor === 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1;
  const end = text.indexOf('\n', cursor);
  return [start, end < 0 ? text.length : end];
}
