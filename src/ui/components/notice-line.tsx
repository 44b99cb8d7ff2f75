import type { ReactElement } from 'react';
import { useAppearance } from '../appearance-context.js';
import { displayable } from '../displayable.js';
import { signOf } from '../glyphs.js';
import { breakSpans, type Span } from '../spans.js';
import { Rows } from './rows.js';

export interface NoticeLineProps {
  readonly level: 'info' | 'warning';
  readonly text: string;
  readonly columns: number;
}

/** Something the user should know. */
export function NoticeLine({ level, text, columns }: NoticeLineProps): ReactElement | null {
  const { spoken } = useAppearance();
  const isWarning = level === 'warning';
  const mark: Span = {
    text: signOf(isWarning ? 'warning' : 'note', spoken),
    style: isWarning ? 'accent' : 'dim',
  };
  const indent: Span = { text: ' '.repeat(mark.text.length), style: 'plain' };
  const style = level === 'warning' ? 'plain' : 'dim';
  const rows = displayable(text)
    .split('\n')
    .flatMap((line) => breakSpans([{ text: line, style }], columns - mark.text.length, 'words'))
    .map((row, index): Span[] => [index === 0 ? mark : indent, ...row]);
  return <Rows rows={rows} />;
}
