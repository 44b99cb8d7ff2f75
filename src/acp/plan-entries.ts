import type { SessionUpdate } from '@agentclientprotocol/sdk';
import type { ToolCall } from '../core/message.js';
import { TODO_TOOL, type Todo, todosIn } from '../core/todos.js';

/** The list of steps that a call of TodoWrite is, for the editor to show beside the conversation. */
export function* planOf(
  { name, input }: ToolCall,
  clean: (text: string) => string,
): Generator<SessionUpdate, void> {
  const todos = name === TODO_TOOL ? todosIn(input) : undefined;
  if (todos) yield planUpdate(todos, clean);
}

export function planUpdate(todos: readonly Todo[], clean: (text: string) => string): SessionUpdate {
  const entries = todos.map(({ content, status }) => {
    return { content: clean(content), status, priority: 'medium' } as const;
  });
  return { sessionUpdate: 'plan', entries };
}
