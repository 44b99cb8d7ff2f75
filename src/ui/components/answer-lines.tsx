import type { ReactElement } from 'react';
import { useAppearance } from '../appearance-context.js';
import { displayable } from '../displayable.js';
import { markdownRows } from '../markdown/rows.js';
import type { CodeLines } from '../screen.js';
import { Rows } from './rows.js';

export interface AnswerLinesProps {
  readonly text: string;
  /** The code fence that the first line stands in; empty outside of code. */
  readonly fence: string;
  readonly columns: number;
  /** What colours its code; plain without. */
  readonly code?: CodeLines | undefined;
}

/** Whole lines of the model's answer. */
export function AnswerLines({ text, fence, columns, code }: AnswerLinesProps): ReactElement | null {
  const { spoken } = useAppearance();
  return <Rows rows={markdownRows(displayable(text), { columns, fence, code, spoken })} />;
}
