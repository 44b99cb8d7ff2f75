import { clip } from '../displayable.js';
import { breakHanging, continued, type Span } from '../spans.js';
import { codeLabel } from './code-label.js';

const codeIndent: Span = { text: '  ', style: 'plain' };
const itemMark = /^( *)([-*+]|\d{1,9}[.)]) +(?=[`~])/;

export interface FenceOptions {
  readonly columns: number;
  readonly spoken: boolean;
}

/** What the fence that opens a block of code says of it, behind the mark of the list item that it may begin. */
export function openingRows(line: string, info: string, { columns, spoken }: FenceOptions): Span[][] {
  const label = codeLabel(info);
  const said = spoken ? `code ${label}`.trim() : label;
  const [, indent = '', mark] = itemMark.exec(line) ?? [];
  if (mark === undefined)
    return said === '' ? [] : [labelRow(codeIndent.text + marginOf(line, columns) + said)];
  const start = `${marginOf(indent, columns)}${/\d/.test(mark) ? mark : '•'} `;
  return [labelRow(start + said)];

  function labelRow(text: string): Span[] {
    return [{ text: clip(text, columns), style: 'dim' }];
  }
}

/** Where a block of code ends only those are told who do not see it. */
export function closingRows({ columns, spoken }: FenceOptions): Span[][] {
  return spoken ? [[{ text: clip(`${codeIndent.text}end of code`, columns), style: 'dim' }]] : [];
}

export function codeRows(line: readonly Span[], columns: number): Span[][] {
  return breakHanging(line, { columns, how: 'hard', first: [codeIndent], rest: [continued] });
}

/** The spaces that a line begins with, as many as leave room for the rest. */
export function marginOf(line: string, columns: number): string {
  return (/^ */.exec(line)?.[0] ?? '').slice(0, Math.floor(columns / 4));
}
