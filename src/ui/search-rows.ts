import { clip, displayable, widest } from './displayable.js';
import { type HistorySearch, matchIn } from './history-search.js';
import { shownText } from './input/shown-text.js';
import type { InputState } from './input-state.js';
import { breakSpans, type Span } from './spans.js';

const mostRows = 6;
const mostCharacters = 16_384;

/** The message that a search has found, its match marked, in at most `most` rows. */
export function searchRows(
  search: HistorySearch,
  { history, pastes }: Pick<InputState, 'history' | 'pastes'>,
  columns: number,
  most: number,
): Span[][] {
  const title: Span[] = [{ text: clip(titleOf(search), columns), style: 'bold' }];
  if (search.found === undefined) return [[], title].slice(-Math.max(1, most));
  const text = displayable(shownText(history[search.found] ?? '', pastes));
  const rows = marked(text, search.query, columns);
  const room = Math.max(1, Math.min(mostRows, most - 2));
  const matched = rows.findIndex((row) => row.some(({ style }) => style === 'accent'));
  const first = Math.max(0, Math.min(matched - Math.floor(room / 2), rows.length - room));
  return [[], title, ...rows.slice(first, first + room)].slice(-Math.max(1, most));
}

/** The keys of a search, for the line of hints, with as many words as there is room for. */
export function searchKeys(columns: number): string {
  return widest(columns, [
    'Enter sends it · Tab or Esc takes it into the input · Ctrl+R older · Ctrl+S newer · Ctrl+G leaves',
    'Enter sends it · Tab takes it · Ctrl+R older · Ctrl+S newer · Ctrl+G leaves',
    'Enter · Tab · ^R older · ^S newer · ^G',
  ]);
}

function titleOf({ query, found, failed }: HistorySearch): string {
  if (!failed) return 'Search earlier messages';
  if (found === undefined)
    return query === '' ? 'There is no earlier message' : 'No earlier message has this';
  return 'No other earlier message has this';
}

/** The rows of a text around its match. */
function marked(text: string, query: string, columns: number): Span[][] {
  const { start, end } = matchIn(text, query) ?? { start: 0, end: 0 };
  const from = text.lastIndexOf('\n', Math.max(0, start - mostCharacters)) + 1;
  const spans: Span[] = [
    { text: text.slice(from, start), style: 'plain' },
    { text: text.slice(start, end), style: 'accent' },
    { text: text.slice(end, end + mostCharacters), style: 'plain' },
  ];
  return linesOf(spans).flatMap((line) => breakSpans(line, columns, 'words'));
}

/** Spans with line ends in them as one list of spans a line. */
function linesOf(spans: readonly Span[]): Span[][] {
  const lines: Span[][] = [[]];
  for (const { text, style } of spans) {
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push({ text: part, style });
    }
  }
  return lines;
}
