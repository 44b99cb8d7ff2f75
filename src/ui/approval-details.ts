import type { ToolCall } from '../core/message.js';
import type { FileChange } from '../core/tool.js';
import { changeRows } from './change-rows.js';
import { displayable } from './displayable.js';
import { diffHunks } from './line-diff.js';
import type { Span } from './spans.js';

type Field = readonly [key: string, value: unknown];

/**
 * The whole of a call, for the question whether it may run: every field of its input, nothing left out. A pair of fields
 * named `old…` and `new…`, and `content`, are shown as the `change` they make in the file; where nobody could look into
 * that, as the change from one to the other and as added lines.
 */
export function approvalDetails(call: ToolCall, change?: FileChange): Span[][] {
  if (call.invalidInput !== undefined) return lines(call.invalidInput, 'plain', '  ');
  const fields = Object.entries(call.input);
  const old = textField(fields, /^old/i);
  const now = textField(fields, /^new/i);
  const pair = old && now ? [old[0], now[0]] : [];
  const others = fields.filter(([key]) => !pair.includes(key) && !(change && key === 'content'));
  const rows = others.flatMap((field) => fieldLines(field, fields.length === 1));
  if (change) return [...rows, ...changeRows(change, '  ')];
  return old && now ? [...rows, ...pairLines(old[1], now[1])] : rows;
}

function textField(fields: readonly Field[], name: RegExp): [string, string] | undefined {
  const [key, value] = fields.find(([one, text]) => name.test(one) && typeof text === 'string') ?? [];
  return key === undefined ? undefined : [key, String(value)];
}

function fieldLines([key, value]: Field, alone: boolean): Span[][] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (key === 'content') return lines(withoutLastEnd(text), 'added', '+ ');
  if (key === 'command') return lines(text, 'bold', '  ');
  if (alone && !text.includes('\n')) return lines(text, 'plain', '  ');
  if (!text.includes('\n')) return [[dim(`  ${displayable(key)}: `), ...plain(text)]];
  return [[dim(`  ${displayable(key)}:`)], ...lines(text, 'plain', '    ')];
}

function pairLines(before: string, after: string): Span[][] {
  const changed = diffHunks(before, after, Number.POSITIVE_INFINITY).flat();
  // Line ends alone make no hunk; the user still sees both sides.
  if (changed.length === 0) return [...lines(before, 'removed', '- '), ...lines(after, 'added', '+ ')];
  return changed.flatMap(({ kind, text }) => {
    if (kind === 'same') return lines(text, 'plain', '  ');
    return lines(text, kind, kind === 'added' ? '+ ' : '- ');
  });
}

/** The newline that ends a file begins no line. */
function withoutLastEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
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
