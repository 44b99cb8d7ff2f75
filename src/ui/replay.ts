import type { Message } from '../core/message.js';
import type { BlockBody } from '../state.js';

const mostMessages = 12;

/** The end of an earlier conversation as blocks, so that a resumed session shows where it stood. */
export function replay(messages: readonly Message[]): BlockBody[] {
  const said = messages.filter((message) => message.role !== 'system');
  if (said.length === 0) return [];
  const shown = said.slice(-mostMessages);
  const left = said.length - shown.length;
  const text = left > 0 ? `Resumed; ${left} earlier messages are not shown.` : 'Resumed.';
  return [{ kind: 'notice', level: 'info', text }, ...shown.flatMap(blocksOf)];
}

function blocksOf(message: Message): BlockBody[] {
  const { role, content } = message;
  if (role === 'user') return [{ kind: 'user', text: content }];
  if (role === 'assistant') {
    const text = content.trim();
    return text === '' ? [] : [{ kind: 'answer', text, fenced: false }];
  }
  const name = message.toolName ?? 'tool';
  const summary = content.trimStart().split('\n', 1)[0] ?? '';
  const status = message.isError ? 'failed' : 'done';
  return [{ kind: 'tool', name, title: '', status, summary, durationMs: undefined }];
}
