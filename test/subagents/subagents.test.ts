import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ApprovalRequest } from '../../src/coordinators/permission.js';
import type { ProviderAndModel, ProviderCoordinator } from '../../src/coordinators/provider.js';
import type { ProviderRequest } from '../../src/core/provider.js';
import { isSubagentSession } from '../../src/core/subagent-session.js';
import { validHistory } from '../../src/core/valid-history.js';
import type { OrchestratorOptions } from '../../src/orchestrator.js';
import type { ScriptStep } from '../../src/providers/script.js';
import { ScriptedProvider } from '../../src/providers/scripted.js';
import { createMemoryStore } from '../../src/storage/memory-store.js';
import { type AgentType, builtInTypes } from '../../src/subagents/agent-type.js';
import { Subagents } from '../../src/subagents/subagents.js';
import { coreTools } from '../../src/tools/index.js';
import { createTaskTool, type TaskInput } from '../../src/tools/task.js';
import { collect, ofType, scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

const task = (prompt: string, more: Partial<TaskInput> = {}) => ({
  name: 'Task',
  input: { description: 'look around', prompt, ...more },
});

const isSubagent = ({ system = '' }: ProviderRequest) => system.includes('# You are a subagent');

interface Setup extends OrchestratorOptions {
  readonly types?: readonly AgentType[];
  readonly files?: Readonly<Record<string, string>>;
}

/** An orchestrator whose model hands over what `calls` says and then ends; `child` answers for its subagents. */
async function withSubagents(
  calls: readonly ReturnType<typeof task>[],
  child: (request: ProviderRequest, turn: number) => ScriptStep | Promise<ScriptStep>,
  { types = builtInTypes, ...options }: Setup = {},
) {
  const subagents = new Subagents();
  const run = createTaskTool({ types, run: (input, context) => subagents.run(types, input, context) });
  let asked = false;
  const turns = new Map<string, number>();
  const made = await scriptedOrchestrator(
    (request) => {
      if (isSubagent(request)) {
        const first = request.messages.find(({ role }) => role === 'user')!.id;
        const turn = turns.get(first) ?? 0;
        turns.set(first, turn + 1);
        return child(request, turn) as ScriptStep;
      }
      if (asked) return { text: 'Done.' };
      asked = true;
      return { toolCalls: calls };
    },
    { tools: [...coreTools(), run as never], subagents, ...options },
  );
  const results = (events: Awaited<ReturnType<typeof collect>>) =>
    ofType(events, 'tool-result').filter(({ call }) => call.name === 'Task');
  return { ...made, results };
}

const used = { inputTokens: 1_000, outputTokens: 100 };

describe('a subagent', () => {
  it('works in a context of its own, and nothing but its last message comes back', async () => {
    const { orchestrator, requests, results } = await withSubagents(
      [task('What is in a.txt?')],
      (_, turn) =>
        turn === 0
          ? { text: 'Looking.', toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }] }
          : { text: 'It says hello.' },
      { files: { 'a.txt': 'hello\n' } },
    );
    const events = await collect(orchestrator.stream('Ask somebody about a.txt. The secret word is plum.'));
    expect(results(events)).toMatchObject([{ result: { content: 'It says hello.' } }]);
    const own = requests.filter(isSubagent);
    expect(own[0]?.messages.map(({ content }) => content)).toEqual(['What is in a.txt?']);
    expect(JSON.stringify(own)).not.toContain('plum');
    const parent = orchestrator.coordinators.context.getContext().messages;
    expect(JSON.stringify(parent)).not.toContain('Looking.');
    expect(parent.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
  });

  it('has the tools of its type, of those that the session has, and never Task', async () => {
    const types = [
      ...builtInTypes,
      { name: 'one', description: 'd', prompt: 'Be brief.', tools: ['Read', 'Task', 'None'] },
      { name: 'less', description: 'd', prompt: '', withoutTools: ['Bash', 'Write', 'Edit'] },
    ];
    const { orchestrator, requests } = await withSubagents(
      [task('a', { type: 'explore' }), task('b', { type: 'one' }), task('d', { type: 'less' }), task('c')],
      () => ({ text: 'ok' }),
      { types },
    );
    await orchestrator.chat('go');
    const offered = (prompt: string) =>
      requests
        .filter(isSubagent)
        .find(({ messages }) => messages[0]?.content === prompt)
        ?.tools?.map(({ name }) => name);
    expect(offered('a')).toEqual(['Read', 'Glob', 'Grep', 'List']);
    expect(offered('b')).toEqual(['Read']);
    expect(offered('d')).toEqual(['Read', 'Glob', 'Grep', 'List']);
    expect(offered('c')).toEqual(['Read', 'Write', 'Edit', 'Bash', 'Glob', 'Grep', 'List']);
    const { system } = requests.filter(isSubagent).find(({ messages }) => messages[0]?.content === 'b')!;
    expect(system).toMatch(/You are Victor[\s\S]*# You are a subagent[\s\S]*Be brief\.$/);
  });

  it('cannot call a tool that its type has not, however it asks', async () => {
    const { orchestrator, requests, cwd } = await withSubagents(
      [task('x', { type: 'explore' })],
      (_, turn) =>
        turn === 0
          ? { toolCalls: [{ name: 'Bash', input: { command: 'touch pwned' } }, task('nest')] }
          : { text: 'no' },
      { settings: { permissions: { mode: 'yolo' } } },
    );
    await orchestrator.chat('go');
    const said = requests
      .filter(isSubagent)
      .at(-1)!
      .messages.filter(({ role }) => role === 'tool');
    expect(said.map(({ content }) => content)).toEqual([
      expect.stringContaining('There is no tool "Bash"'),
      expect.stringContaining('There is no tool "Task"'),
    ]);
    await expect(readFile(join(cwd, 'pwned'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('asks the user in its name, and an answer for the session holds for its parent and the others', async () => {
    const asked: ApprovalRequest[] = [];
    const { orchestrator } = await withSubagents(
      [task('one'), task('two')],
      (request, turn) =>
        turn === 0
          ? { toolCalls: [{ name: 'Bash', input: { command: `touch ${request.messages[0]!.content}` } }] }
          : { text: 'made' },
      {
        onApproval: async (request) => {
          asked.push(request);
          return { allowed: true, scope: 'once' };
        },
      },
    );
    await orchestrator.chat('go');
    expect(asked.map(({ title }) => title).sort()).toEqual(['touch one', 'touch two']);
    for (const { decision, sessionId } of asked) {
      expect(decision.reason).toMatch(/^The subagent general \(look around\) asks\. /);
      expect(sessionId).toBe(orchestrator.sessionId);
    }
  });

  it.each([
    ['the mode of its parent', { permissions: { mode: 'read-only' } }],
    ['a rule that denies', { permissions: { mode: 'yolo', deny: ['Write'] } }],
    ['nobody who could be asked', {}],
  ] as const)('is held by %s', async (_what, settings) => {
    const { orchestrator, cwd } = await withSubagents(
      [task('x')],
      (_, turn) =>
        turn === 0
          ? { toolCalls: [{ name: 'Write', input: { path: 'new.txt', content: 'x' } }] }
          : { text: 'refused' },
      { settings },
    );
    // What was refused is told as a refusal of the turn.
    expect((await orchestrator.chat('go')).denials).toMatchObject([{ tool: 'Write', title: 'new.txt' }]);
    await expect(readFile(join(cwd, 'new.txt'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('changes files as its parent does: /undo takes them back', async () => {
    const { orchestrator, cwd } = await withSubagents(
      [task('x')],
      (_, turn) =>
        turn === 0
          ? {
              toolCalls: [
                { name: 'Write', input: { path: 'new.txt', content: 'x' } },
                { name: 'Bash', input: { command: 'touch other' } },
              ],
            }
          : { text: 'written' },
      { settings: { permissions: { mode: 'yolo' } } },
    );
    await orchestrator.chat('go');
    expect(await readFile(join(cwd, 'new.txt'), 'utf8')).toBe('x');
    const preview = await orchestrator.changes.preview({ action: 'undo' });
    expect(preview.files.files.map(({ path }) => path)).toEqual([join(cwd, 'new.txt')]);
    expect(preview.uncovered).toEqual(['Bash touch other']);
    await orchestrator.changes.apply(preview, { files: true, conversation: false });
    await expect(readFile(join(cwd, 'new.txt'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('costs what its parent spends: session, metrics and the budget of the request', async () => {
    const settings = {
      model: 'claude-sonnet-4-5',
      prices: { 'scripted/m': { input: 1_000, output: 1_000 } },
    };
    const { orchestrator, requests, results } = await withSubagents(
      [task('x')],
      (_, turn) =>
        turn < 3
          ? { toolCalls: [{ name: 'List', input: { path: '.' } }], usage: used }
          : { text: 'end', usage: used },
      { settings: { prices: settings.prices, maxBudgetUsd: 3.5 } as never, model: 'm' },
    );
    const events = await collect(orchestrator.stream('go'));
    const calls = ofType(events, 'request-end').filter(({ purpose }) => purpose === 'subagent');
    expect(calls.length).toBeGreaterThan(0);
    expect(requests.filter(isSubagent).length).toBe(calls.length);
    expect(results(events)[0]?.result).toMatchObject({
      isError: true,
      content: expect.stringContaining('maxBudgetUsd'),
    });
    const report = await orchestrator.spending();
    expect(report.session.costUsd).toBeLessThanOrEqual(3.5);
    expect(report.session.costUsd).toBeGreaterThanOrEqual(calls.length * 1.1);
  });

  it('ends with a limit as data: what it said until then comes back', async () => {
    const { orchestrator, results } = await withSubagents(
      [task('x')],
      (_, turn) => ({ text: `step ${turn}`, toolCalls: [{ name: 'List', input: { path: String(turn) } }] }),
      { settings: { maxTurns: 3 } },
    );
    const [result] = results(await collect(orchestrator.stream('go')));
    expect(result?.result.isError).toBe(true);
    expect(result?.result.content).toMatch(/did not come to its end: .*maxTurns[\s\S]*step 2/);
  });

  it.each([
    [{ maxTotalTokens: 5_000 }, 5, 'limit'],
    [{ maxToolCalls: 4 }, 4, 'end'],
  ])(
    'has what %j leaves after its parent and the subagents before it, and the parent has the rest',
    async (settings, most, reason) => {
      let calls = 0;
      const { orchestrator, results } = await withSubagents(
        [task('x'), task('y')],
        () => {
          calls += 1;
          return { toolCalls: [{ name: 'List', input: { path: String(calls) } }], usage: used };
        },
        { settings },
      );
      const events = await collect(orchestrator.stream('go'));
      for (const { result } of results(events)) expect(result.isError).toBe(true);
      expect(ofType(events, 'turn-end')).toMatchObject([{ reason }]);
      expect(calls).toBeLessThanOrEqual(most);
      expect(calls).toBeGreaterThan(1);
    },
  );

  it('that fails is a failure as data, and the turn of its parent goes on', async () => {
    const { orchestrator, results } = await withSubagents([task('x'), task('y', { type: 'none' })], () => ({
      error: { kind: 'authentication', message: 'the key is wrong' },
    }));
    const events = await collect(orchestrator.stream('go'));
    expect(results(events).map(({ result }) => result)).toMatchObject([
      { isError: true, content: expect.stringContaining('the key is wrong') },
      { isError: true, content: expect.stringContaining('Types: general, explore.') },
    ]);
    expect(ofType(events, 'turn-end')[0]).toMatchObject({ reason: 'end', content: 'Done.' });
  });

  it("of a project's file stays with the session's provider, wherever its model's name leads", async () => {
    const other = new ScriptedProvider({ name: 'other', script: () => ({ text: 'theirs' }) });
    const about = { name: 'theirs', description: 'd', prompt: '', model: 'elsewhere' };
    for (const keepsProvider of [true, undefined] as const) {
      const types = [{ ...about, ...(keepsProvider ? { keepsProvider } : {}) }];
      const { orchestrator, requests, results } = await withSubagents(
        [task('x', { type: 'theirs' })],
        () => ({ text: 'ours' }),
        { types },
      );
      const { provider } = orchestrator.coordinators;
      let ours: ProviderAndModel | undefined;
      const resolve = async (name: string, current: ProviderAndModel) => {
        ours ??= current;
        return name === 'elsewhere' ? { provider: other, model: 'm' } : ours;
      };
      (provider as ProviderCoordinator).configure({ resolve });
      const [said] = results(await collect(orchestrator.stream('go')));
      expect(requests.filter(isSubagent)).toHaveLength(keepsProvider ? 1 : 0);
      expect(said?.result.content === 'ours').toBe(keepsProvider === true);
    }
  });

  it('a very long answer is cut, and says so', async () => {
    const { orchestrator, results } = await withSubagents([task('x')], () => ({
      text: 'é😀'.repeat(40_000),
    }));
    const content = results(await collect(orchestrator.stream('go')))[0]!.result.content;
    expect(content.length).toBeLessThan(25_000);
    expect(content).toMatch(/was cut here: \d+ more characters/);
    expect(content.isWellFormed()).toBe(true);
  });
});

describe('several subagents', () => {
  it('of one message run at once, four at most, and each has its own result', async () => {
    let running = 0;
    let most = 0;
    let release = () => {};
    const all = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { orchestrator, results } = await withSubagents(
      ['1', '2', '3', '4', '5', '6'].map((prompt) => task(prompt)),
      async (request) => {
        running += 1;
        most = Math.max(most, running);
        if (running === 4) release();
        await all;
        running -= 1;
        return { text: `answer ${request.messages[0]!.content}` };
      },
    );
    const events = await collect(orchestrator.stream('go'));
    expect(results(events).map(({ result }) => result.content)).toEqual(
      ['1', '2', '3', '4', '5', '6'].map((prompt) => `answer ${prompt}`),
    );
    expect(most).toBe(4);
  });

  it('are all ended by an abort of their parent, at once, and the history stays valid', async () => {
    const controller = new AbortController();
    let begun = 0;
    const { orchestrator } = await withSubagents(
      ['1', '2', '3', '4', '5'].map((prompt) => task(prompt)),
      async () => {
        begun += 1;
        if (begun === 4) controller.abort();
        return new Promise<ScriptStep>(() => {});
      },
    );
    const events = await collect(orchestrator.stream('go', { signal: controller.signal }));
    expect(ofType(events, 'turn-end')).toMatchObject([{ reason: 'interrupted' }]);
    expect(begun).toBe(4);
    const { messages } = orchestrator.coordinators.context.getContext();
    expect(validHistory(messages)).toBe(messages);
    expect(await orchestrator.chat('and now?')).toMatchObject({ content: 'Done.' });
  });
});

describe('what a subagent said', () => {
  it('is kept as a session that its parent lists, and nobody else, and that goes with it', async () => {
    const store = createMemoryStore();
    const { orchestrator } = await withSubagents([task('Find the port')], () => ({ text: 'It is 80.' }), {
      store,
    });
    await orchestrator.chat('go');
    const { sessions } = store;
    expect((await sessions.listSessions()).map(({ id }) => id)).toEqual([orchestrator.sessionId]);
    const [own, ...others] = await sessions.listSessions({ subagentsOf: orchestrator.sessionId });
    expect(others).toEqual([]);
    expect(own).toMatchObject({ title: 'Find the port', messages: 2 });
    expect(isSubagentSession(own!.id)).toBe(true);
    expect(await sessions.listSessions({ idPrefix: orchestrator.sessionId })).toHaveLength(1);
    await sessions.deleteSession(orchestrator.sessionId);
    expect(await sessions.getSession(own!.id)).toBeUndefined();
  });

  it('is told while it runs: a line for each of its calls, with what it came to', async () => {
    const tails: string[] = [];
    const { orchestrator } = await withSubagents([task('x')], async (_, turn) => {
      if (turn === 0) return { toolCalls: [{ name: 'List', input: { path: '.' } }], usage: used };
      await expect.poll(() => tails.at(-1)).toContain('List');
      return { text: 'ok', usage: used };
    });
    orchestrator.subscribe((event) => {
      if (event.type === 'tool-output' && event.sessionId === orchestrator.sessionId) tails.push(event.tail);
    });
    const events = await collect(orchestrator.stream('go'));
    expect(tails.at(-1)).toContain('List . · 1 call, 1.1k tokens');
    expect(ofType(events, 'tool-result')[0]?.result.summary).toBe('1 call, 2.2k tokens');
  });
});
