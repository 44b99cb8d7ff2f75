import type { ToolCall } from '../core/message.js';
import type { FileChange } from '../core/tool.js';
import { changeRows } from './change-rows.js';
import { displayable } from './displayable.js';
import type { Span } from './spans.js';

type Field = readonly [key: string, value: unknown];

/**
 * The whole of a call, for the question whether it may run: every field of its input, nothing left out. Fields named
 * `old…`, `new…` and `content` are shown as the `change` they make in the file; where nobody could look into that, as
 * removed and added lines.
 */
export function approvalDetails(call: ToolCall, change?: FileChange): Span[][] {
  if (call.invalidInput !== undefined) return lines(call.invalidInput, 'plain', '  ');
  const fields = Object.entries(call.input);
  const others = change ? fields.filter((field) => !isChange(field)) : fields;
  const rows = others.flatMap((field) => fieldLines(field, fields.length === 1));
  return change ? [...rows, ...changeRows(change, '  ')] : rows;
}

function isChange([key, value]: Field): boolean {
  return typeof value === 'string' && (/^(old|new)/i.test(key) || key === 'content');
}

function fieldLines([key, value]: Field, alone: boolean): Span[][] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (isChange([key, value])) {
    const isOld = /^old/i.test(key);
    return lines(withoutLastEnd(text), isOld ? 'removed' : 'added', isOld ? '- ' : '+ ');
  }
  if (key === 'command') return lines(text, 'bold', '  ');
  if (alone && !text.includes('\n')) return lines(text, 'plain', '  ');
  if (!text.includes('\n')) return [[dim(`  ${displayable(key)}: `), ...plain(text)]];
  return [[dim(`  ${displayable(key)}:`)], ...lines(text, 'plain', '    ')];
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
