import { cells } from '../break-rows.js';
import { breakHanging, breakSpans, plainText, type Span } from '../spans.js';
import { inlineSpans } from './inline.js';

type Alignment = 'left' | 'center' | 'right';

const delimiter = /^\s*\|(?:\s*:?-+:?\s*\|)*(?:\s*:?-+:?\s*)?$/;
/** Columns narrower than this are not read any more: the lines are then better shown as they are. */
const narrowest = 4;
const comma: Span = { text: ', ', style: 'plain' };
const colon: Span = { text: ': ', style: 'plain' };
const between: Span = { text: ' │ ', style: 'dim' };

export interface TableOptions {
  readonly columns: number;
  /** More is on its way. */
  readonly open: boolean;
  /** A line for each cell in place of columns. */
  readonly spoken?: boolean;
}

/**
 * Table lines as rows with aligned columns, at most `columns` cells wide; the words of a cell that is too wide go on in
 * the next row. Without room for columns each row of the table is a list of its cells, each with the name of its column.
 * `undefined` when the lines are no table.
 */
export function tableRows(
  lines: readonly string[],
  { columns, open, spoken = false }: TableOptions,
): Span[][] | undefined {
  const parsed = lines.map(splitCells);
  const last = parsed[parsed.length - 1];
  if (open && last?.every((cell) => cell === '')) parsed.pop();
  if (parsed.length === 0) return [];
  const hasHeader = lines.length > 1 ? isDelimiter(lines, open) : open;
  // What a table too long to be held back goes on with has no header of its own.
  const isBody = parsed.length > 1 && parsed.every((row) => row.length > 1 && row.length === last?.length);
  if (!(hasHeader || isBody)) return undefined;
  const alignments = hasHeader ? (parsed[1] ?? []).map(alignmentOf) : [];
  const rows = parsed
    .filter((_, index) => !(hasHeader && index === 1))
    .map((row, index) => row.map((cell) => inlineSpans(cell, hasHeader && index === 0 ? 'bold' : 'plain')));
  const count = Math.max(...rows.map((row) => row.length));
  const natural = Array.from({ length: count }, (_, column) =>
    Math.max(1, ...rows.map((row) => cells(plainText(row[column] ?? [])))),
  );
  const widths = spoken ? undefined : fitWidths(natural, columns - (count - 1) * cells(between.text));
  if (!widths) return hasHeader ? listRows(rows, columns, spoken) : undefined;
  const shown = rows.map((row) => layRow(row, widths, alignments));
  if (!hasHeader) return shown.flat();
  const rule: Span = { text: widths.map((width) => '─'.repeat(width)).join('─┼─'), style: 'dim' };
  const [header = [], ...body] = shown;
  return [...header, [rule], ...body.flat()];
}

function isDelimiter(lines: readonly string[], open: boolean): boolean {
  const line = lines[1] ?? '';
  return delimiter.test(line) || (open && lines.length === 2 && /^[\s|:-]*$/.test(line));
}

/** The cells of a line, at bars that are neither escaped nor inside code. */
function splitCells(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  const found: string[] = [];
  let cell = '';
  for (const [piece] of inner.matchAll(/(`+)(?!`).*?[^`]\1(?!`)|\\?\||[^`|\\]+|[`\\]/g)) {
    if (piece === '|') {
      found.push(cell.trim());
      cell = '';
    } else cell += piece === '\\|' ? '|' : piece.replaceAll('\\|', '|').replace(/<br\s*\/?>/g, ' ');
  }
  return [...found, cell.trim()];
}

function alignmentOf(cell: string): Alignment {
  if (!cell.endsWith(':')) return 'left';
  return cell.startsWith(':') ? 'center' : 'right';
}

/** The widths cut down evenly from the widest until they fit. */
function fitWidths(natural: readonly number[], room: number): number[] | undefined {
  const sumUnder = (limit: number) => natural.reduce((sum, width) => sum + Math.min(width, limit), 0);
  let limit = Math.max(...natural);
  if (sumUnder(limit) > room) {
    limit = Math.max(0, room);
    while (limit >= narrowest && sumUnder(limit) > room) limit -= 1;
    if (limit < narrowest) return undefined;
  }
  let left = room - sumUnder(limit);
  return natural.map((width) => {
    if (width <= limit) return width;
    const more = Math.min(left, width - limit, 1);
    left -= more;
    return limit + more;
  });
}

/** Each row of a table as the lines `column: cell`, with a rule between two rows. */
function listRows(
  [header = [], ...body]: readonly (readonly (readonly Span[])[])[],
  columns: number,
  spoken: boolean,
): Span[][] {
  const rule: Span[] = spoken ? [] : [{ text: '─'.repeat(Math.max(1, Math.min(columns, 8))), style: 'dim' }];
  const title = breakSpans(
    header.flatMap((cell, index) => [...(index === 0 ? [] : [comma]), ...cell]),
    columns,
    'words',
  );
  if (body.length === 0) return title;
  return body.flatMap((row, index) => [
    ...(index === 0 ? [] : [rule]),
    ...row.flatMap((cell, column) => {
      const name = header[column] ?? [];
      const said = plainText(name) === '' ? cell : [...name, colon, ...cell];
      return breakHanging(said, { columns, how: 'words', first: [], rest: [{ text: '  ', style: 'plain' }] });
    }),
  ]);
}

function layRow(
  row: readonly (readonly Span[])[],
  widths: readonly number[],
  alignments: readonly Alignment[],
): Span[][] {
  const broken = widths.map((width, column) => breakSpans(row[column] ?? [], width, 'words'));
  const height = Math.max(...broken.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    widths.flatMap((width, column) => {
      const spans = broken[column]?.[line] ?? [];
      const isLast = column === widths.length - 1;
      const placed = align(spans, width, alignments[column] ?? 'left', isLast);
      return isLast ? placed : [...placed, between];
    }),
  );
}

function align(spans: readonly Span[], width: number, alignment: Alignment, isLast: boolean): Span[] {
  const free = Math.max(0, width - cells(plainText(spans)));
  const before = alignment === 'right' ? free : alignment === 'center' ? Math.floor(free / 2) : 0;
  const after = isLast ? 0 : free - before;
  return [space(before), ...spans, space(after)].filter((span) => span.text !== '');
}

function space(width: number): Span {
  return { text: ' '.repeat(width), style: 'plain' };
}
