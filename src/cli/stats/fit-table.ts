import { cells } from '../../ui/break-rows.js';
import { clip, oneLine } from '../../ui/displayable.js';

export interface Column {
  readonly head: string;
  readonly texts: readonly string[];
  /** Numbers, which stand at the right. */
  readonly right?: true;
  /** Where there is no room the column with the lowest number goes first; without one it stays. */
  readonly rank?: number;
}

const gap = '  ';
/** What is left of a name is no name any more below this. */
const SHORTEST_NAME = 8;

/**
 * The lines of a table, its head first, in at most `width` cells; 0 is as wide as it gets. The first column gives way before
 * others do, down to `shortestName` cells.
 */
export function fitTable(
  given: readonly Column[],
  width: number,
  shortestName: number = SHORTEST_NAME,
): string[] {
  let columns = given.map((column) => ({ ...column, texts: column.texts.map(oneLine) }));
  const spare = () => (width === 0 ? 0 : width - widthOf(columns));
  while (spare() < Math.min(0, shortestName - columnWidth(columns[0]!))) {
    const ranks = columns.flatMap(({ rank }) => rank ?? []);
    if (ranks.length === 0) break;
    columns = columns.filter(({ rank }) => rank !== Math.min(...ranks));
  }
  const [name = 0, ...others] = columns.map(columnWidth);
  const sizes = [Math.max(0, name + Math.min(0, spare())), ...others];
  const line = (textOf: (column: Column) => string) => {
    const parts = columns.map((column, index) => {
      const text = clip(textOf(column), sizes[index]!);
      const space = ' '.repeat(Math.max(0, sizes[index]! - cells(text)));
      return column.right ? space + text : text + space;
    });
    const whole = parts.join(gap).trimEnd();
    return width === 0 ? whole : clip(whole, width);
  };
  const rows = columns[0]?.texts ?? [];
  return [line(({ head }) => head), ...rows.map((_, row) => line(({ texts }) => texts[row] ?? ''))];
}

function columnWidth({ head, texts }: Column): number {
  return texts.reduce((most, text) => Math.max(most, cells(text)), cells(head));
}

/** Cells that the table takes where nothing gives way. */
export function widthOf(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + columnWidth(column), gap.length * (columns.length - 1));
}
