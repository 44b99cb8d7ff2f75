import type { ReactElement } from 'react';
import type { ErrorData } from '../../core/errors.js';
import { useAppearance } from '../appearance-context.js';
import { displayable } from '../displayable.js';
import { signOf } from '../glyphs.js';
import { breakSpans, type Span, type SpanStyle } from '../spans.js';
import { Rows } from './rows.js';

export interface ErrorBlockProps {
  readonly error: ErrorData;
  readonly columns: number;
}

/** What went wrong and, where it is known, what to do next. */
export function ErrorBlock({ error, columns }: ErrorBlockProps): ReactElement | null {
  const { spoken } = useAppearance();
  const rows = [
    ...block(`${signOf('error', spoken)}${error.message}`, 'removed', columns),
    ...(error.advice ? block(`  ${error.advice}`, 'plain', columns) : []),
  ];
  return <Rows rows={rows} />;
}

function block(text: string, style: SpanStyle, columns: number): Span[][] {
  return displayable(text)
    .split('\n')
    .flatMap((line) => breakSpans([{ text: line, style }], columns, 'words'));
}
