import type { ReactElement } from 'react';
import { clip, displayable, headLines, oneLine } from '../displayable.js';
import { breakSpans, type Span } from '../spans.js';
import { Rows } from './rows.js';

const mostLines = 400;

export interface OutputBlockProps {
  readonly title: string;
  readonly text: string;
  readonly columns: number;
}

/** A longer text under a title, each line marked so that it cannot pass for anything else on the screen. */
export function OutputBlock({ title, text, columns }: OutputBlockProps): ReactElement | null {
  const { lines, left } = headLines(displayable(text), mostLines);
  const rows: Span[][] = [[{ text: clip(oneLine(title), columns), style: 'bold' }]];
  for (const line of lines) {
    for (const row of breakSpans([{ text: line, style: 'plain' }], columns - 2, 'hard')) {
      rows.push([{ text: '│ ', style: 'dim' }, ...row]);
    }
  }
  if (left > 0) rows.push([{ text: clip(`│ … ${left} more lines`, columns), style: 'dim' }]);
  return <Rows rows={rows} />;
}
