import type { Count } from '../helpers/record-count.js';
import { type Row, rows } from './must-hold.js';

/** A row with what the run found out; `undefined` where nothing ran. */
export interface Result {
  readonly row: Row;
  readonly tried: number | undefined;
  readonly found: number;
  readonly holds: boolean;
}

/** The rows of the table from what the tests recorded, several records of one row summed up. */
export function resultsOf(counts: readonly Count[], of: readonly Row[] = rows): readonly Result[] {
  return of.map((row) => {
    const own = counts.filter((count) => count.row === row.id);
    if (own.length === 0) return { row, tried: undefined, found: 0, holds: false };
    const tried = own.reduce((sum, count) => sum + count.tried, 0);
    const found = own.reduce((sum, count) => sum + count.found, 0);
    const within = 'most' in row.bound ? found <= row.bound.most : found >= row.bound.least;
    return { row, tried, found, holds: within && tried >= row.least };
  });
}

const head = ['| what | tried | found | must be | holds |', '|---|--:|--:|--:|---|'];

export function tableOf(results: readonly Result[]): string {
  const lines = results.map(({ row, tried, found, holds }) => {
    const cells = [
      row.what,
      tried === undefined ? 'did not run' : number(tried),
      tried === undefined ? '' : number(found),
      'most' in row.bound ? number(row.bound.most) : `≥ ${number(row.bound.least)}`,
      holds ? 'yes' : '**no**',
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [...head, ...lines].join('\n');
}

/** With the same separators on every machine. */
function number(value: number): string {
  return value.toLocaleString('en-US');
}

const shownTable = /^\| what \| tried .*\n(?:\|.*\n?)+/m;

/** The table as SECURITY.md shows it, without the line end after it. */
export function tableIn(document: string): string | undefined {
  return shownTable.exec(document)?.[0].trimEnd();
}

export function withTable(document: string, table: string): string {
  return document.replace(shownTable, () => `${table}\n`);
}

/** What a table that was printed before claims beyond these results: other rows, other bounds, or more than was tried. */
export function differencesFrom(shown: string | undefined, results: readonly Result[]): string[] {
  const update = 'Run `npm run test:safety -- --write`.';
  if (shown === undefined) return [`SECURITY.md shows no table. ${update}`];
  const before = shown.split('\n').slice(head.length).map(cellsOf);
  const now = tableOf(results).split('\n').slice(head.length).map(cellsOf);
  if (JSON.stringify(before.map(claimOf)) !== JSON.stringify(now.map(claimOf)))
    return [`The rows, bounds or outcomes in SECURITY.md are others than those printed. ${update}`];
  return before
    .filter((cells, index) => value(cells[1]) > value(now[index]![1]))
    .map(([what]) => `SECURITY.md says that more was tried than now: ${what}. ${update}`);
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** What is said besides how many were tried and, where more is better, found. */
function claimOf([what, , found, bound, holds]: readonly string[]): unknown {
  return [what, bound?.startsWith('≥') ? '' : found, bound, holds];
}

function value(cell: string | undefined): number {
  return Number((cell ?? '').replaceAll(',', ''));
}
