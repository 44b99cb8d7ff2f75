import type { ReactElement } from 'react';
import { displayable } from '../displayable.js';
import { styleLines } from '../markdown-lines.js';
import { breakSpans } from '../spans.js';
import { Rows } from './rows.js';

export interface AnswerLinesProps {
  readonly text: string;
  /** The first line stands inside a code fence. */
  readonly fenced: boolean;
  readonly columns: number;
}

/** Whole lines of the model's answer. */
export function AnswerLines({ text, fenced, columns }: AnswerLinesProps): ReactElement | null {
  const rows = styleLines(displayable(text), fenced).flatMap(({ spans, verbatim }) =>
    breakSpans(spans, columns, verbatim ? 'hard' : 'words'),
  );
  return <Rows rows={rows} />;
}
