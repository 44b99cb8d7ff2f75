import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enforceInvariants } from '../../src/compaction/enforce-invariants.js';
import { assistantMessage, type Message, toolMessage, userMessage } from '../../src/core/message.js';
import { currentTodo, latestTodos, type Todo, todoProgress, todosIn } from '../../src/core/todos.js';
import { createTodoWriteTool } from '../../src/tools/todo-write.js';
import { cachedSession } from '../helpers/cached-session.js';
import { makeWorkspace } from '../helpers/workspace.js';
import { workspace } from './workspace.js';

const tool = createTodoWriteTool();
const todo = (content: string, status: Todo['status'] = 'pending'): Todo => ({ content, status });
const open = [todo('read', 'completed'), todo('write', 'in_progress'), todo('test')];
const finished = open.map(({ content }) => todo(content, 'completed'));

/** A call with its answer, as a conversation has them. */
function written(todos: unknown, { isError = false, id = 'call' } = {}): Message[] {
  const call = { id, name: 'TodoWrite', input: { todos } };
  return [assistantMessage('', { toolCalls: [call] }), toolMessage(call, 'answer', isError)];
}

describe('TodoWrite', () => {
  it('says how far the list is, and is titled by the step it is at', async () => {
    const { run } = workspace();
    expect(await run(tool, { todos: open })).toEqual({
      content: 'The list is shown: 1 of 3 done.',
      summary: '1 of 3 done',
    });
    expect([open, finished, []].map((todos) => tool.describe({ todos }))).toEqual([
      'write',
      'all done',
      'no list',
    ]);
    expect(tool.describe({ todos: [todo('next'), todo('later')] })).toBe('next');
  });

  it.each([
    ['a state that is none', [{ content: 'x', status: 'done' }]],
    ['an empty step', [todo(' \n')]],
    ['a step without a state', [{ content: 'x' }]],
    ['a step of a page', [todo('x'.repeat(501))]],
    ['a hundred and one steps', Array.from({ length: 101 }, () => todo('x'))],
    ['no list', 'x'],
  ])('takes no %s', (_, todos) => {
    expect(tool.schema.safeParse({ todos }).success).toBe(false);
  });
});

describe('the list that holds', () => {
  it('is that of the last call that was answered well, whatever its number', () => {
    const messages = [
      ...written([todo('old')]),
      ...written(open),
      ...written([todo('refused')], { isError: true }),
      ...written('nonsense', { id: 'other' }),
      assistantMessage('', { toolCalls: [{ id: 'never-ran', name: 'TodoWrite', input: { todos: [] } }] }),
    ];
    expect(latestTodos(messages)?.todos).toEqual(open);
    expect(latestTodos([])).toBeUndefined();
  });

  it('is read from what a model sent only where it is a list', () => {
    expect([undefined, null, 1, {}, { todos: {} }, { todos: [null] }].map(todosIn)).toEqual(
      Array(6).fill(undefined),
    );
    expect(todosIn({ todos: open })).toEqual(open);
    expect(currentTodo(finished)).toBeUndefined();
    expect(todoProgress(finished)).toBe('3 of 3 done');
  });
});

describe('a compaction', () => {
  const talk = (count: number) =>
    Array.from({ length: count }, (_, index) => [
      userMessage(`${index}`),
      assistantMessage('yes. '.repeat(50)),
    ]).flat();

  it('keeps the list of steps while some are open, with its answer, and in its place', () => {
    const list = written(open);
    const messages = [...talk(3), ...written([todo('old')]), ...list, ...talk(5)];
    const compacted = enforceInvariants(
      { messages, metadata: {} },
      { messages: messages.slice(-2), metadata: {} },
    );
    expect(compacted.messages).toEqual([...list, ...messages.slice(-2)]);
  });

  it('keeps of a message that called for more only the list, so that nothing large stays with it', () => {
    const large = { id: 'read', name: 'Read', input: { path: 'x' } };
    const list = { id: 'list', name: 'TodoWrite', input: { todos: open } };
    const answers = [toolMessage(large, 'x'.repeat(500_000)), toolMessage(list, 'shown')];
    const both = assistantMessage('Both.', { toolCalls: [large, list] });
    const messages = [...talk(3), both, ...answers, ...talk(5), userMessage('now'), ...written('nonsense')];
    const compacted = enforceInvariants(
      { messages, metadata: {} },
      { messages: messages.slice(-2), metadata: {} },
    );
    expect(compacted.messages.map(({ role, content }) => `${role} ${content}`)).toEqual([
      'assistant ',
      'tool shown',
      'user now',
      'assistant ',
      'tool answer',
    ]);
    expect(latestTodos(compacted.messages)?.todos).toEqual(open);
    // The next one finds it alone.
    const again = enforceInvariants(compacted, { messages: compacted.messages.slice(-3), metadata: {} });
    expect(latestTodos(again.messages)?.todos).toEqual(open);
  });

  it('keeps none whose steps are all done', () => {
    const messages = [...written(finished), ...talk(5)];
    const compacted = enforceInvariants(
      { messages, metadata: {} },
      { messages: messages.slice(-2), metadata: {} },
    );
    expect(latestTodos(compacted.messages)).toBeUndefined();
  });
});

describe('a session with a list', () => {
  it('that is compacted, and resumed by another process, still sends it to the model', async () => {
    const home = join(await makeWorkspace(), 'victor');
    const cwd = await makeWorkspace();
    const session = (script: Parameters<typeof cachedSession>[1]) =>
      cachedSession('anthropic', script, { home, cwd, persist: true, sessionId: 'one' });
    const first = await session([
      { toolCalls: [{ name: 'TodoWrite', input: { todos: open } }] },
      ...Array.from({ length: 20 }, () => ({ text: 'It goes on. '.repeat(100) })),
    ]);
    for (let turn = 0; turn < 12; turn += 1) await first.orchestrator.chat(`turn ${turn}`);
    await first.orchestrator.compact('one');
    const { messages } = first.orchestrator.coordinators.context.getContext('one');
    expect(messages.some(({ content }) => content === 'turn 0')).toBe(false);
    expect(latestTodos(messages)?.todos).toEqual(open);
    await first.orchestrator.close();
    const second = await session([{ text: 'ok' }]);
    await second.orchestrator.chat('go on');
    expect(JSON.stringify(second.server.requests[0]!.body)).toContain(
      '"content":"write","status":"in_progress"',
    );
  });
});
