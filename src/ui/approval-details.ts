import type { ToolCall } from '../core/message.js';
import type { FileChange } from '../core/tool.js';
import { changeRows, hunkRows } from './change-rows.js';
import { displayable } from './displayable.js';
import { diffHunks } from './line-diff.js';
import { oddHosts } from './odd-hosts.js';
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
  // What the change shows: a patch is longer than what it changes, and every line of it is there.
  const whole = call.name === 'apply_patch' ? 'input' : 'content';
  const old = textField(fields, /^old/i);
  const now = textField(fields, /^new/i);
  const pair = old && now ? [old[0], now[0]] : [];
  const others = fields.filter(([key]) => !pair.includes(key) && !(change && key === whole));
  const rows = others.flatMap((field) => fieldLines(field, fields.length === 1));
  for (const { shown, real } of oddHosts(JSON.stringify(call.input)))
    rows.push([{ text: `  The host ${displayable(shown)} is really ${real}`, style: 'accent' }]);
  if (change) return [...rows, ...changeRows(change, '  ')];
  return old && now ? [...rows, ...pairLines(old[1], now[1])] : rows;
}

/** The whole of a call, and of every one behind it that the same yes may be for, each under its number. */
export function batchDetails(
  { call, behind = [] }: { readonly call: ToolCall; readonly behind?: readonly ToolCall[] },
  change?: FileChange,
): Span[][] {
  if (behind.length === 0) return approvalDetails(call, change);
  const calls = [call, ...behind];
  return calls.flatMap((one, index) => [
    [{ text: `  ${index + 1} of ${calls.length}`, style: 'dim' } as const],
    ...approvalDetails(one, one === call ? change : undefined),
  ]);
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
  return hunkRows(changed, () => '');
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
