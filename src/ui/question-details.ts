import type { Question } from '../core/decision.js';
import { displayable, oneLine } from './displayable.js';
import type { Span } from './spans.js';

/** A question of the model's, whole, and its options under the keys that take them. */
export function questionDetails({ text, options }: Question): Span[][] {
  const lines = displayable(text).trimEnd().split('\n');
  return [
    ...lines.map((line): Span[] => [{ text: `  ${line}`, style: 'bold' }]),
    ...options.map((option, index): Span[] => [
      { text: `  ${index + 1} `, style: 'accent' },
      { text: oneLine(option), style: 'plain' },
    ]),
  ];
}
