import type { OutputSoFar } from '../core/tool.js';
import { formatBytes, plural } from '../tools/model-text.js';
import { clip, displayable } from './displayable.js';
import type { Span } from './spans.js';

const bar = '  │ ';

/** The last lines of what a call has put out so far, a row each, in at most `most` rows. */
export function outputRows({ tail }: OutputSoFar, columns: number, most: number): Span[][] {
  if (most < 1) return [];
  return lastLines(tail, most).map((line) => [{ text: clip(`${bar}${line}`, columns), style: 'dim' }]);
}

/** How much more there is than the `shown` last lines, most words first; where nothing more is, how much that is. */
export function outputCounts({ tail, lines, bytes }: OutputSoFar, shown: number): string[] {
  const hidden = lines - tail.split('\n').length + lastLines(tail).length - shown;
  const more = `+${plural(hidden, 'line')}`;
  const size = formatBytes(bytes);
  return hidden > 0 ? [`${more}, ${size}`, more] : [size];
}

/** Empty lines say nothing and take the room of others. */
function lastLines(tail: string, most = Number.POSITIVE_INFINITY): string[] {
  const lines = displayable(tail)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.slice(-most);
}
