import type { Message, ToolCall } from '../core/message.js';
import { TODO_TOOL, todosIn } from '../core/todos.js';
import type { Tool } from '../core/tool.js';
import { toolTitle } from '../core/tool-title.js';
import { type KeptOutputs, keepOutput } from '../kept-outputs.js';
import type { BlockBody } from '../state.js';
import { keptCommandOutput, userBlocks } from '../user-blocks.js';

/** So many messages of an earlier conversation are shown. */
export const mostMessages = 12;

/** What a resumed session shows, and what of it can be shown in full. */
export interface Replayed {
  readonly blocks: readonly BlockBody[];
  readonly outputs: KeptOutputs;
}

/**
 * The end of an earlier conversation as blocks, so that a resumed session shows where it stood; what its calls answered is
 * kept behind `outputs`. `total` is how many messages it has, where these are only its last ones.
 */
export function replay(
  messages: readonly Message[],
  tools: readonly Tool[],
  outputs: KeptOutputs,
  total = messages.length,
): Replayed {
  const said = messages.filter((message) => message.role !== 'system');
  if (said.length === 0) return { blocks: [], outputs };
  const shown = said.slice(-mostMessages);
  const left = total - (messages.length - said.length) - shown.length;
  const text = left > 0 ? `Resumed; ${left} earlier messages are not shown.` : 'Resumed.';
  const calls = new Map(said.flatMap(({ toolCalls = [] }) => toolCalls.map((call) => [call.id, call])));
  const titleOf = (call: ToolCall | undefined) =>
    call
      ? toolTitle(
          tools.find(({ name }) => name === call.name),
          call,
        )
      : '';
  const blocks: BlockBody[] = [{ kind: 'notice', level: 'info', text }];
  let kept = outputs;
  for (const message of shown) {
    const call = calls.get(message.toolCallId ?? '');
    const title = titleOf(call);
    blocks.push(...blocksOf(message, title, kept.next, call));
    const output = outputOf(message, title);
    if (output) kept = keepOutput(kept, { kind: 'tool', ...output });
  }
  return { blocks, outputs: kept };
}

/** What is kept of a message, under the number that its block has. */
function outputOf(message: Message, title: string): { title: string; text: string } | undefined {
  if (message.command) return keptCommandOutput(message);
  if (message.role !== 'tool') return undefined;
  return { title: `${nameOf(message)} ${title}`.trim(), text: message.content };
}

function blocksOf(
  message: Message,
  title: string,
  number: number,
  call: ToolCall | undefined,
): readonly BlockBody[] {
  const { role, content } = message;
  if (role === 'user') return userBlocks(message, number);
  if (role === 'assistant') {
    const text = content.trim();
    return text === '' ? [] : [{ kind: 'answer', text, fence: '' }];
  }
  const summary = content.trimStart().split('\n', 1)[0] ?? '';
  const status = message.refused ? 'denied' : message.isError ? 'failed' : 'done';
  const todos = call?.name === TODO_TOOL && status === 'done' ? todosIn(call.input) : undefined;
  const listed = todos ? { todos } : {};
  return [
    { kind: 'tool', name: nameOf(message), title, status, summary, durationMs: undefined, number, ...listed },
  ];
}

function nameOf({ toolName = 'tool' }: Message): string {
  return toolName;
}
