import { breakRows, type Row } from './break-rows.js';

export type SpanStyle = 'plain' | 'bold' | 'italic' | 'code' | 'dim' | 'added' | 'removed' | 'accent';

/** A run of text in one style. */
export interface Span {
  readonly text: string;
  readonly style: SpanStyle;
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
