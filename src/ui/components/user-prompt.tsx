import type { ReactElement } from 'react';
import { useAppearance } from '../appearance-context.js';
import { clip, displayable, oneLine } from '../displayable.js';
import { signOf } from '../glyphs.js';
import { breakSpans, type Span } from '../spans.js';
import { Rows } from './rows.js';

const mostLines = 20;
/** Of a message with more than that: its beginning, and its end, where the question about a paste often stands. */
const firstLines = 6;
const lastLines = 4;

/** What the user said. A huge paste is shown by its beginning and its end; the model gets all of it. */
export function UserPrompt({
  text,
  attached = [],
  columns,
}: {
  readonly text: string;
  /** What went along, a line each. */
  readonly attached?: readonly string[] | undefined;
  readonly columns: number;
}): ReactElement | null {
  const mark = signOf('user', useAppearance().spoken);
  const indent = ' '.repeat(mark.length);
  const lines = displayable(text).split('\n');
  const isHuge = lines.length > mostLines;
  const rowsOf = (some: readonly string[]) =>
    some.flatMap((line) =>
      breakSpans([{ text: line.slice(0, 4_096), style: 'bold' }], columns - mark.length, 'words'),
    );
  const rows = rowsOf(isHuge ? lines.slice(0, firstLines) : lines).map((row, index): Span[] => [
    { text: index === 0 ? mark : indent, style: 'accent' },
    ...row,
  ]);
  if (isHuge) {
    const left = lines.length - firstLines - lastLines;
    rows.push([{ text: `${indent}… ${left} more lines`, style: 'dim' }]);
    for (const row of rowsOf(lines.slice(-lastLines))) rows.push([{ text: indent, style: 'accent' }, ...row]);
  }
  for (const item of attached) {
    rows.push([{ text: clip(`${indent}+ ${oneLine(item)}`, columns), style: 'dim' }]);
  }
  return <Rows rows={rows} />;
}
