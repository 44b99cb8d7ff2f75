import type { ReactElement } from 'react';
import { displayable, headLines } from '../displayable.js';
import { breakSpans, type Span } from '../spans.js';
import { Rows } from './rows.js';

const mostLines = 20;

/** What the user said. A huge paste is shown by its beginning; the model gets all of it. */
export function UserPrompt({
  text,
  columns,
}: {
  readonly text: string;
  readonly columns: number;
}): ReactElement | null {
  const { lines, left } = headLines(displayable(text), mostLines);
  const rows = lines
    .flatMap((line) => breakSpans([{ text: line.slice(0, 4_096), style: 'bold' }], columns - 2, 'words'))
    .map((row, index): Span[] => [{ text: index === 0 ? '❯ ' : '  ', style: 'accent' }, ...row]);
  if (left > 0) rows.push([{ text: `  … ${left} more lines`, style: 'dim' }]);
  return <Rows rows={rows} />;
}
