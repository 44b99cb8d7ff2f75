import { isRecord } from './is-record.js';
import type { Message, ToolCall } from './message.js';

export const todoStates = ['pending', 'in_progress', 'completed'] as const;

/** One step of a longer task. */
export interface Todo {
  readonly content: string;
  readonly status: (typeof todoStates)[number];
}

/** The tool whose last call holds the list: there is no other copy of it. */
export const TODO_TOOL = 'TodoWrite';

/** The list in the input of such a call; `undefined` where it is none. */
export function todosIn(input: unknown): readonly Todo[] | undefined {
  const todos = isRecord(input) ? input.todos : undefined;
  return Array.isArray(todos) && todos.every(isTodo) ? todos : undefined;
}

function isTodo(value: unknown): value is Todo {
  if (!isRecord(value)) return false;
  return typeof value.content === 'string' && (todoStates as readonly unknown[]).includes(value.status);
}

/** The list that holds after these messages, with the call that wrote it, its message and its answer. */
export function latestTodos(messages: readonly Message[]):
  | {
      readonly todos: readonly Todo[];
      readonly call: ToolCall;
      readonly message: Message;
      readonly result: Message;
    }
  | undefined {
  const results = new Map<string, Message>();
  for (const message of messages.toReversed()) {
    if (message.toolCallId !== undefined) results.set(message.toolCallId, message);
    for (const call of message.toolCalls?.toReversed() ?? []) {
      if (call.name !== TODO_TOOL) continue;
      const result = results.get(call.id);
      const todos = result && !result.isError ? todosIn(call.input) : undefined;
      if (result && todos) return { todos, call, message, result };
    }
    // Ids may come again in another turn.
    if (message.role === 'assistant') results.clear();
  }
  return undefined;
}

/** How far a list is, in words. */
export function todoProgress(todos: readonly Todo[]): string {
  const done = todos.filter(({ status }) => status === 'completed').length;
  return `${done} of ${todos.length} done`;
}

/** What is being done now; else what comes next. */
export function currentTodo(todos: readonly Todo[]): Todo | undefined {
  return (
    todos.find(({ status }) => status === 'in_progress') ?? todos.find(({ status }) => status === 'pending')
  );
}
