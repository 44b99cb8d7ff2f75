import type { MessageLine } from './compaction.js';
import type { Message } from './message.js';

/** A message by its first line; one of nothing but calls is known by them. */
export function messageLine({ role, content, toolName, toolCalls = [] }: Message): MessageLine {
  const first = content.split('\n').find((line) => line.trim() !== '');
  const calls = toolCalls.map(({ name }) => name).join(', ');
  const text = first ?? (calls === '' ? '(nothing)' : `calls ${calls}`);
  return { role, text: role === 'tool' && toolName ? `${toolName}: ${text}` : text };
}
