import { describe, expect, it } from 'vitest';
import { createEvent } from '../../src/core/create-event.js';
import { assistantMessage, toolMessage } from '../../src/core/message.js';
import type { Todo } from '../../src/core/todos.js';
import type { Tool } from '../../src/core/tool.js';
import { noOutputs } from '../../src/kept-outputs.js';
import { initialState, reduce } from '../../src/state.js';
import { createTodoWriteTool } from '../../src/tools/todo-write.js';
import { replay } from '../../src/ui/replay.js';
import { plainText } from '../../src/ui/spans.js';
import { stepText, todoRows } from '../../src/ui/todo-rows.js';

const todos: readonly Todo[] = [
  { content: 'read', status: 'completed' },
  { content: 'write\u001b[2J\nall of it', status: 'in_progress' },
  { content: 'test', status: 'pending' },
];
const text = (rows: ReturnType<typeof todoRows>) => rows.map(plainText);

function stateAfter(input: Record<string, unknown>, isError = false) {
  const call = { id: '1', name: 'TodoWrite', input };
  const result = { content: 'ok', isError };
  return [
    createEvent({ type: 'tool-call', call, title: 'write' }, { sessionId: 'one', turnId: 'turn' }),
    createEvent(
      { type: 'tool-result', call, result, durationMs: 1, denied: false },
      { sessionId: 'one', turnId: 'turn' },
    ),
  ].reduce(reduce, initialState());
}

describe('a list of steps on the screen', () => {
  it('has a row for each with its state, by mark or by word, whatever the model writes', () => {
    expect(text(todoRows(todos, 80, '  '))).toEqual(['  ☑ read', '  → write\ufffd ⏎ all of it', '  ☐ test']);
    expect(text(todoRows(todos, 80, '', true))).toEqual([
      'done: read',
      'now: write\ufffd ⏎ all of it',
      'to do: test',
    ]);
    expect(text(todoRows(todos, 8, ''))[1]).toHaveLength(8);
  });

  it('stands behind what the model does while steps are open', () => {
    expect(stepText(todos)).toBe(' · 1 of 3 done · write\ufffd ⏎ all of it');
    expect(stepText([{ content: 'x'.repeat(90), status: 'pending' }])).toHaveLength(67);
    expect(stepText([])).toBe('');
  });

  it('comes with the call that wrote it, and is gone when all is done', () => {
    const state = stateAfter({ todos });
    expect(state.todos).toEqual(todos);
    expect(state.blocks.at(-1)).toMatchObject({ kind: 'tool', todos });
    expect(stateAfter({ todos: [todos[0]] }).todos).toEqual([]);
    expect(stateAfter({ todos: 'nonsense' }).blocks.at(-1)).not.toHaveProperty('todos');
    expect(stateAfter({ todos }, true).todos).toEqual([]);
  });

  it('is shown again where a session is gone on with', () => {
    const call = { id: '1', name: 'TodoWrite', input: { todos } };
    const messages = [assistantMessage('', { toolCalls: [call] }), toolMessage(call, 'ok')];
    const { blocks } = replay(messages, [createTodoWriteTool() as Tool], noOutputs);
    expect(blocks.at(-1)).toMatchObject({ kind: 'tool', status: 'done', todos });
  });
});
