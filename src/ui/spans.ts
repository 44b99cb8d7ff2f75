import { breakRows, cells, type Row } from './break-rows.js';
import { clip } from './displayable.js';

export type SpanStyle =
  | 'plain'
  | 'bold'
  | 'italic'
  | 'code'
  | 'link'
  | 'struck'
  | 'dim'
  | 'added'
  | 'removed'
  /** What changed within a line. */
  | 'addedWord'
  | 'removedWord'
  | 'accent'
  | 'keyword'
  | 'string'
  | 'number'
  | 'comment'
  | 'function'
  | 'type'
  | 'property';

/** A run of text in one style. */
export interface Span {
  readonly text: string;
  readonly style: SpanStyle;
}

/** Stands before the rest of a line that was broken at the edge and is no prose. */
export const continued: Span = { text: '↪ ', style: 'dim' };

export interface Hanging {
  readonly columns: number;
  readonly how: 'words' | 'hard';
  /** What stands before the first row and before every further one. */
  readonly first: readonly Span[];
  readonly rest: readonly Span[];
}

export function plainText(spans: readonly Span[]): string {
  return spans.map((span) => span.text).join('');
}

/** One styled line as rows that fit `columns` cells. */
export function breakSpans(spans: readonly Span[], columns: number, how: 'words' | 'hard'): Span[][] {
  const text = plainText(spans);
  const rows = breakRows(text, columns, how);
  const [first] = rows;
  if (first?.start === 0 && first.end === text.length) return [[...spans]];
  return rows.map((row) => sliceSpans(spans, row));
}

/** One styled line as rows that fit `columns` cells with something before each; without room for that, without it. */
export function breakHanging(spans: readonly Span[], { columns, how, first, rest }: Hanging): Span[][] {
  const restColumns = columns - cells(plainText(rest));
  const firstColumns = columns - cells(plainText(first));
  if (Math.min(firstColumns, restColumns) < 4) return breakSpans(spans, columns, how);
  const text = plainText(spans);
  const [row, next] = breakRows(text, firstColumns, how);
  const start = [...first, ...sliceSpans(spans, row!)].filter((span) => span.text !== '');
  if (!next) return [start];
  const others = breakSpans(sliceSpans(spans, { start: next.start, end: text.length }), restColumns, how);
  return [start, ...others.map((other) => [...rest, ...other])];
}

/** One styled line cut at the edge, with a mark where it was. */
export function clipSpans(spans: readonly Span[], columns: number): Span[] {
  let left = columns;
  return spans.flatMap((span) => {
    const text = clip(span.text, left);
    left -= cells(text);
    return text === '' ? [] : [{ text, style: span.style }];
  });
}

function sliceSpans(spans: readonly Span[], row: Row): Span[] {
  const sliced: Span[] = [];
  let offset = 0;
  for (const { text, style } of spans) {
    const part = text.slice(Math.max(0, row.start - offset), Math.max(0, row.end - offset));
    if (part !== '') sliced.push({ text: part, style });
    offset += text.length;
  }
  return sliced;
}
