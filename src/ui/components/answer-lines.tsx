import type { ReactElement } from 'react';
import { displayable } from '../displayable.js';
import { markdownRows } from '../markdown/rows.js';
import { Rows } from './rows.js';

export interface AnswerLinesProps {
  readonly text: string;
  /** The code fence that the first line stands in; empty outside of code. */
  readonly fence: string;
  readonly columns: number;
}

/** Whole lines of the model's answer. */
export function AnswerLines({ text, fence, columns }: AnswerLinesProps): ReactElement | null {
  return <Rows rows={markdownRows(displayable(text), { columns, fence })} />;
}
