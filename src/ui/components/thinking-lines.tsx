import type { ReactElement } from 'react';
import { displayable } from '../displayable.js';
import { breakSpans } from '../spans.js';
import { Rows } from './rows.js';

/** The model's reasoning, stepping back behind the answer. */
export function ThinkingLines(props: {
  readonly text: string;
  readonly columns: number;
}): ReactElement | null {
  const rows = displayable(props.text)
    .split('\n')
    .flatMap((line) => breakSpans([{ text: line, style: 'dim' }], props.columns, 'words'));
  return <Rows rows={rows} />;
}
