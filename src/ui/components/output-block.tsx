import type { ReactElement } from 'react';
import { useAppearance } from '../appearance-context.js';
import { cells } from '../break-rows.js';
import { clip, displayable, headLines, oneLine } from '../displayable.js';
import { breakHanging, type Span } from '../spans.js';
import { Rows } from './rows.js';

/** Lines that are shown; of a longer text the rest is counted. */
export const mostOutputLines = 400;
const bar: Span = { text: '│ ', style: 'dim' };

export interface OutputBlockProps {
  readonly title: string;
  readonly text: string;
  /** What is left out, and how to see it. */
  readonly more?: string | undefined;
  /** What is drawn in it with blocks has a colour. */
  readonly bars?: boolean | undefined;
  readonly columns: number;
}

/** A longer text under a title, each line marked so that it cannot pass for anything else on the screen. */
export function OutputBlock(props: OutputBlockProps): ReactElement | null {
  const { title, text, more, bars = false, columns } = props;
  const { spoken } = useAppearance();
  const { lines, left } = headLines(displayable(text), mostOutputLines);
  const rows: Span[][] = [[{ text: clip(oneLine(title), columns), style: 'bold' }]];
  for (const line of lines) {
    const rest: Span[] = [bar, { text: ' '.repeat(hangingIndent(line, columns)), style: 'plain' }];
    const body: Span[] = bars ? withBars(line, spoken) : [{ text: line, style: 'plain' }];
    rows.push(...breakHanging(body, { columns, how: 'words', first: [bar], rest }));
  }
  if (left > 0) rows.push([{ text: clip(`│ … ${left} more lines`, columns), style: 'dim' }]);
  if (more) rows.push([{ text: clip(`│ … ${oneLine(more)}`, columns), style: 'dim' }]);
  return <Rows rows={rows} />;
}

/** What bars say stands in numbers before them: whoever listens hears those alone. */
function withBars(line: string, spoken: boolean): Span[] {
  const pieces = line.split(/([█▉▊▋▌▍▎▏▁▂▃▄▅▆▇░]+)/);
  const spans = pieces.map((text, index): Span => ({ text, style: index % 2 === 1 ? 'added' : 'plain' }));
  return spans.filter(({ text, style }) => text !== '' && !(spoken && style === 'added'));
}

/** Where the rest of a line that is too long goes on: under its last column, or under its first word. */
function hangingIndent(line: string, columns: number): number {
  const starts = Array.from(line.matchAll(/(?:^| {2,})(?=\S)/g), ({ index, 0: gap }) =>
    cells(line.slice(0, index) + gap),
  );
  return starts.findLast((start) => start <= columns / 2) ?? 0;
}
