import * as z from 'zod';
import { currentTodo, TODO_TOOL, type Todo, todoProgress, todoStates } from '../core/todos.js';
import type { Tool } from '../core/tool.js';

export interface TodoWriteInput {
  readonly todos: readonly Todo[];
}

const MAX_TODOS = 100;
const MAX_CHARACTERS = 500;

/** Keeps the steps of a longer task in front of model and user. The call itself is the list, so it lives where the conversation does. */
export function createTodoWriteTool(): Tool<TodoWriteInput> {
  return {
    name: TODO_TOOL,
    description:
      'For tasks of several steps: replace the list of them that the user sees. One is in_progress at a time; update it as you go.',
    kind: 'read',
    keywords: ['todo', 'plan', 'steps', 'tasks', 'list', 'progress', 'track'],
    schema: z.strictObject({
      todos: z
        .array(
          z.strictObject({ content: z.string().regex(/\S/).max(MAX_CHARACTERS), status: z.enum(todoStates) }),
        )
        .max(MAX_TODOS),
    }),
    paths: () => [],
    describe: ({ todos }) => currentTodo(todos)?.content ?? (todos.length === 0 ? 'no list' : 'all done'),
    execute: async ({ todos }) => ({
      content: `The list is shown: ${todoProgress(todos)}.`,
      summary: todoProgress(todos),
    }),
  };
}
