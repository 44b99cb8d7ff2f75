import type { ReactElement } from 'react';
import { cells } from '../break-rows.js';
import { clip, displayable, headLines, oneLine } from '../displayable.js';
import { breakHanging, type Span } from '../spans.js';
import { Rows } from './rows.js';

const mostLines = 400;
const bar: Span = { text: '│ ', style: 'dim' };

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
    const rest: Span[] = [bar, { text: ' '.repeat(hangingIndent(line, columns)), style: 'plain' }];
    const body: Span[] = [{ text: line, style: 'plain' }];
    rows.push(...breakHanging(body, { columns, how: 'words', first: [bar], rest }));
  }
  if (left > 0) rows.push([{ text: clip(`│ … ${left} more lines`, columns), style: 'dim' }]);
  return <Rows rows={rows} />;
}

/** Where the rest of a line that is too long goes on: under its last column, or under its first word. */
function hangingIndent(line: string, columns: number): number {
  const starts = Array.from(line.matchAll(/(?:^| {2,})(?=\S)/g), ({ index, 0: gap }) =>
    cells(line.slice(0, index) + gap),
  );
  return starts.findLast((start) => start <= columns / 2) ?? 0;
}
