import type { Span } from '../spans.js';

export interface InQuotes {
  /** What stands before each row. */
  readonly bars: readonly Span[];
  readonly inner: string;
  /** Cells that are left. */
  readonly columns: number;
}

/** Lists put quotes further in than the three spaces of the standard. */
const quote = /^( {0,12})> ?(.*)$/;
/** With fewer cells a quote is shown as it is written. */
const narrowest = 9;

/** A line out of at most `most` quotes, each with its bar. */
export function quoteBars(
  line: string,
  { columns, spoken, most }: { readonly columns: number; readonly spoken: boolean; readonly most: number },
): InQuotes {
  const bars: Span[] = [];
  let left = { inner: line, columns };
  for (let depth = 0; depth < most && left.columns >= narrowest; depth += 1) {
    const [, indent, inner] = quote.exec(left.inner) ?? [];
    if (indent === undefined || inner === undefined) break;
    const before = indent.slice(0, Math.floor(left.columns / 4));
    if (before !== '') bars.push({ text: before, style: 'plain' });
    bars.push({ text: spoken ? '> ' : '│ ', style: 'dim' });
    left = { inner, columns: left.columns - 2 - before.length };
  }
  return { bars, ...left };
}
