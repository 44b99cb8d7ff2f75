import { isNarrowed, matchingOptions } from './choices.js';
import { clip, oneLine } from './displayable.js';
import type { ChoicePrompt } from './screen.js';
import { clipSpans, type Span, type SpanStyle } from './spans.js';

/** Options that are seen at once; the others come when the mark reaches the edge. */
const mostOptions = 10;

/** A question with its options, the chosen one marked, in at most `most` rows; the keys are the last to go. */
export function choiceRows(choice: ChoicePrompt, columns: number, most: number): Span[][] {
  const { question, options, filter, selected, sample = [] } = choice;
  const line = (text: string, style: SpanStyle): Span[] => [{ text: clip(text, columns), style }];
  const matching = matchingOptions(choice);
  const room = Math.max(1, Math.min(mostOptions, most - 3));
  const first = Math.max(0, Math.min(selected - Math.floor(room / 2), matching.length - room));
  const seen = matching.slice(first, first + room).map(({ option }, index) => {
    const marked = first + index === selected;
    return line(`${marked ? '❯' : ' '} ${oneLine(option)}`, marked ? 'accent' : 'plain');
  });
  const place = options.length > room ? ` (${selected + 1} of ${options.length})` : '';
  const typed = ` ${oneLine(filter)} (${matching.length} of ${options.length})`;
  const title = line(`${oneLine(question)}${filter === '' ? place : typed}`, 'bold');
  const narrowing = isNarrowed(choice) ? ' · typing narrows' : '';
  const keys = line(`Up and Down choose · Enter takes it${narrowing} · Esc leaves`, 'dim');
  const free = most - seen.length - 3;
  const below = sample.length <= free ? sample.map((row) => clipSpans(row, columns)) : [];
  return [[], title, ...seen, ...below, keys].slice(-Math.max(1, most));
}
