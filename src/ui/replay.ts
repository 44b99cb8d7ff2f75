import type { Message, ToolCall } from '../core/message.js';
import type { Tool } from '../core/tool.js';
import { toolTitle } from '../core/tool-title.js';
import type { BlockBody } from '../state.js';

const mostMessages = 12;

/** The end of an earlier conversation as blocks, so that a resumed session shows where it stood. */
export function replay(messages: readonly Message[], tools: readonly Tool[]): BlockBody[] {
  const said = messages.filter((message) => message.role !== 'system');
  if (said.length === 0) return [];
  const shown = said.slice(-mostMessages);
  const left = said.length - shown.length;
  const text = left > 0 ? `Resumed; ${left} earlier messages are not shown.` : 'Resumed.';
  const calls = new Map(said.flatMap(({ toolCalls = [] }) => toolCalls.map((call) => [call.id, call])));
  const titleOf = (call: ToolCall | undefined) =>
    call
      ? toolTitle(
          tools.find(({ name }) => name === call.name),
          call,
        )
      : '';
  return [
    { kind: 'notice', level: 'info', text },
    ...shown.flatMap((message) => blocksOf(message, titleOf(calls.get(message.toolCallId ?? '')))),
  ];
}

function blocksOf(message: Message, title: string): BlockBody[] {
  const { role, content } = message;
  if (role === 'user') return [{ kind: 'user', text: content }];
  if (role === 'assistant') {
    const text = content.trim();
    return text === '' ? [] : [{ kind: 'answer', text, fence: '' }];
  }
  const name = message.toolName ?? 'tool';
  const summary = content.trimStart().split('\n', 1)[0] ?? '';
  const status = message.isError ? 'failed' : 'done';
  return [{ kind: 'tool', name, title, status, summary, durationMs: undefined }];
}
