import { readLine, tableDepth } from '../../markdown-lines.js';
import type { CodeLines } from '../screen.js';
import { breakHanging, type Span, type SpanStyle } from '../spans.js';
import { closingRows, codeRows, marginOf, openingRows } from './code-rows.js';
import { inlineSpans } from './inline.js';
import { quoteBars } from './quote-bars.js';
import { isReference, referenceSpans } from './references.js';
import { tableRows } from './table.js';

export interface MarkdownOptions {
  readonly columns: number;
  /** The code fence that the first line stands in; empty outside of code. */
  readonly fence?: string;
  /** What colours its lines of code. */
  readonly code?: CodeLines | undefined;
  /** Nothing is drawn with lines: what a mark says, words say. */
  readonly spoken?: boolean;
  /** The last line has not ended: constructs that it leaves open count as closed there. */
  readonly open?: boolean;
}

const heading = /^ {0,3}#{1,6}(?: +(.*?))?(?: +#+)? *$/;
const rule = /^ {0,3}([-*_])(?: *\1){2,} *$/;
/** The line under a heading that is written on two lines. */
const underline = /^ {0,3}={3,} *$/;
const item = /^( *)([-*+]|\d{1,9}[.)]) +(\[[ xX]\] +)?(.*)$/;
const longestRule = 40;

/**
 * Markdown as rows of at most `columns` cells, without its markers. A pure function of whole lines: cut between any two
 * lines but those of a table, the parts (each with its `fence`) give the rows of the whole.
 */
export function markdownRows(text: string, options: MarkdownOptions): Span[][] {
  const { columns, open = false, code, spoken = false } = options;
  const lines = text.split('\n');
  const rows: Span[][] = [];
  let fence = options.fence ?? '';
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const read = readLine(fence, line);
    const depth = read.kind === 'text' ? tableDepth(line) : undefined;
    if (depth !== undefined) {
      const start = index;
      while (tableDepth(lines[index + 1] ?? '') === depth) index += 1;
      const isLast = open && index === lines.length - 1;
      rows.push(...tableOrText(lines.slice(start, index + 1), { columns, open: isLast, spoken }, depth));
    } else if (read.kind === 'text') {
      rows.push(...lineRows(line, { columns, open: open && index === lines.length - 1, spoken }));
    } else {
      const most = (read.kind === 'opens' ? read.fence : fence).lastIndexOf('>') + 1;
      const { bars, columns: left } = quoteBars(line, { columns, spoken, most });
      const look = { columns: left, spoken };
      const inner =
        read.kind === 'opens'
          ? openingRows(read.inner, read.info, look)
          : read.kind === 'closes'
            ? closingRows(look)
            : codeRows(code?.get(index) ?? [{ text: read.inner, style: 'plain' }], left);
      rows.push(...behind(bars, inner));
    }
    fence = read.fence;
  }
  return rows;
}

interface LineOptions {
  readonly columns: number;
  readonly open: boolean;
  readonly spoken: boolean;
}

function behind(bars: readonly Span[], rows: Span[][]): Span[][] {
  return bars.length === 0 ? rows : rows.map((row) => [...bars, ...row]);
}

/** The lines of a table that stands in so many quotes. */
function tableOrText(lines: readonly string[], options: LineOptions, depth: number): Span[][] {
  const { columns, spoken } = options;
  const [first = ''] = lines;
  const { bars, inner, columns: left } = quoteBars(first, { columns, spoken, most: depth });
  const margin = marginOf(inner, left);
  const before: Span[] = margin === '' ? [...bars] : [...bars, { text: margin, style: 'plain' }];
  const unquoted = lines.map(
    (line) => quoteBars(line, { columns: Number.MAX_SAFE_INTEGER, spoken, most: depth }).inner,
  );
  const table = tableRows(unquoted, { ...options, columns: left - margin.length });
  if (table) return behind(before, table);
  return lines.flatMap((line, index) =>
    lineRows(line, { ...options, open: options.open && index === lines.length - 1 }),
  );
}

function lineRows(line: string, options: LineOptions): Span[][] {
  const { columns, open, spoken } = options;
  // Stars that have just begun may also become bold text.
  if ((rule.test(line) || underline.test(line)) && !(open && line.includes('*'))) {
    return [[{ text: spoken ? '---' : '─'.repeat(Math.min(columns, longestRule)), style: 'dim' }]];
  }
  const title = heading.exec(line);
  if (title) return hanging(inlineSpans(title[1] ?? '', 'bold', open), columns, '', '', 'plain');
  const { bars, inner, columns: left } = quoteBars(line, { columns, spoken, most: 1 });
  if (bars.length > 0) return behind(bars, lineRows(inner, { ...options, columns: left }));
  if (isReference(line)) return hanging(referenceSpans(line), columns, '', '  ', 'plain');
  const [, indent = '', marker, box, said = ''] = item.exec(line) ?? [];
  if (marker !== undefined) {
    const number = /\d/.test(marker) ? marker : undefined;
    const sign = box ? [number ?? '', boxSign(box, spoken)].join(' ').trimStart() : (number ?? '•');
    const start = `${indent.slice(0, Math.floor(columns / 4))}${sign} `;
    return hanging(inlineSpans(said, 'plain', open, '\n'), columns, start, ' '.repeat(start.length), 'dim');
  }
  const margin = marginOf(line, columns);
  return hanging(inlineSpans(line.trimStart(), 'plain', open, '\n'), columns, margin, margin, 'plain');
}

function boxSign(box: string, spoken: boolean): string {
  const isDone = /x/i.test(box);
  if (spoken) return isDone ? 'done:' : 'open:';
  return isDone ? '☑' : '☐';
}

function hanging(
  spans: readonly Span[],
  columns: number,
  first: string,
  rest: string,
  style: SpanStyle,
): Span[][] {
  return linesOf(spans).flatMap((line, index) =>
    breakHanging(line, {
      columns,
      how: 'words',
      first: [{ text: index === 0 ? first : rest, style }],
      rest: [{ text: rest, style }],
    }),
  );
}

/** Cut at the line ends that are written out. */
function linesOf(spans: readonly Span[]): Span[][] {
  if (!spans.some(({ text }) => text.includes('\n'))) return [[...spans]];
  const lines: Span[][] = [[]];
  for (const { text, style } of spans) {
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) lines.push([]);
      if (part !== '') lines.at(-1)!.push({ text: part, style });
    }
  }
  return lines;
}
