import type { ReactElement } from 'react';
import type { Span } from '../spans.js';
import type { VisibleInput } from '../visible-input.js';
import { Rows } from './rows.js';

/** The line editor's visible rows; the terminal's own cursor is put into them. */
export function PromptInput({ input }: { readonly input: VisibleInput }): ReactElement | null {
  const rows = input.rows.map((text, index): Span[] => [
    { text: promptMark(input, index), style: 'accent' },
    { text, style: 'plain' },
  ]);
  return <Rows rows={rows} />;
}

function promptMark(input: VisibleInput, row: number): string {
  if (row === 0) return input.above ? '↑ ' : '❯ ';
  return row === input.rows.length - 1 && input.below ? '↓ ' : '  ';
}
