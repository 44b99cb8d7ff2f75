import type { ReactElement } from 'react';
import { displayable } from '../displayable.js';
import { breakSpans, type Span } from '../spans.js';
import { Rows } from './rows.js';

export interface NoticeLineProps {
  readonly level: 'info' | 'warning';
  readonly text: string;
  readonly columns: number;
}

/** Something the user should know. */
export function NoticeLine({ level, text, columns }: NoticeLineProps): ReactElement | null {
  const mark: Span = level === 'warning' ? { text: '! ', style: 'accent' } : { text: '· ', style: 'dim' };
  const style = level === 'warning' ? 'plain' : 'dim';
  const rows = displayable(text)
    .split('\n')
    .flatMap((line) => breakSpans([{ text: line, style }], columns - 2, 'words'))
    .map((row, index): Span[] => [index === 0 ? mark : { text: '  ', style: 'plain' }, ...row]);
  return <Rows rows={rows} />;
}
