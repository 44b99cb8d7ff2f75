import type { ReactElement } from 'react';
import type { Frame } from '../frame.js';
import type { Span } from '../spans.js';
import { Rows } from './rows.js';

type Input = NonNullable<Frame['input']>;

/** The line editor's visible rows; the terminal's own cursor is put into them. */
export function PromptInput({ input }: { readonly input: Input }): ReactElement | null {
  const rows = input.rows.map((text, index): Span[] => [
    { text: promptMark(input, index), style: 'accent' },
    { text, style: 'plain' },
  ]);
  return <Rows rows={rows} />;
}

function promptMark(input: Input, row: number): string {
  if (row === 0) return input.above ? '↑ ' : input.sign;
  return row === input.rows.length - 1 && input.below ? '↓ ' : '  ';
}
