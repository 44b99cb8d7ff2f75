import type { ToolCall } from '../core/message.js';
import { displayable } from './displayable.js';
import { diffLines } from './line-diff.js';
import type { Span } from './spans.js';

/**
 * The whole of a call, for the question whether it may run: every field of its input, nothing left out.
 * A pair of fields named `old…` and `new…` is shown as a change, `content` as added lines.
 */
export function approvalDetails(call: ToolCall): Span[][] {
  if (call.invalidInput !== undefined) return lines(call.invalidInput, 'plain', '  ');
  const fields = Object.entries(call.input);
  const before = fields.find(([key, value]) => /^old/i.test(key) && typeof value === 'string');
  const after = fields.find(([key, value]) => /^new/i.test(key) && typeof value === 'string');
  const rows: Span[][] = [];
  for (const field of fields) {
    if (before && after && (field === before || field === after)) {
      if (field === after) rows.push(...change(String(before[1]), String(after[1])));
      continue;
    }
    rows.push(...fieldLines(field[0], field[1], fields.length === 1));
  }
  return rows;
}

function fieldLines(key: string, value: unknown, alone: boolean): Span[][] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (key === 'content') return lines(text, 'added', '+ ');
  if (key === 'command') return lines(text, 'bold', '  ');
  if (alone && !text.includes('\n')) return lines(text, 'plain', '  ');
  if (!text.includes('\n')) return [[dim(`  ${displayable(key)}: `), ...plain(text)]];
  return [[dim(`  ${displayable(key)}:`)], ...lines(text, 'plain', '    ')];
}

function change(before: string, after: string): Span[][] {
  return diffLines(before, after, Number.POSITIVE_INFINITY).map(({ kind, text }): Span[] => {
    const safe = displayable(text);
    if (kind === 'same') return [{ text: `  ${safe}`, style: 'plain' }];
    return [{ text: `${kind === 'added' ? '+' : '-'} ${safe}`, style: kind }];
  });
}

function lines(text: string, style: Span['style'], prefix: string): Span[][] {
  return displayable(text)
    .split('\n')
    .map((line) => [{ text: `${prefix}${line}`, style }]);
}

function plain(text: string): Span[] {
  return [{ text: displayable(text), style: 'plain' }];
}

function dim(text: string): Span {
  return { text, style: 'dim' };
}
