import type { ReactElement } from 'react';
import { clip, oneLine } from '../displayable.js';
import type { Span } from '../spans.js';
import { Rows } from './rows.js';

export interface BannerProps {
  readonly lines: readonly string[];
  readonly columns: number;
}

/** The first screen: what this is, where it works, with whom. */
export function Banner({ lines, columns }: BannerProps): ReactElement | null {
  const rows = lines.map((line, index): Span[] => [
    { text: clip(oneLine(line), columns), style: index === 0 ? 'bold' : 'dim' },
  ]);
  return <Rows rows={rows} />;
}
