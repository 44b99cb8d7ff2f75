import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { AnalyticsCoordinator } from '../src/coordinators/analytics.js';
import { ConfigCoordinator } from '../src/coordinators/config.js';
import { ContextCoordinator } from '../src/coordinators/context.js';
import { PromptCoordinator } from '../src/coordinators/prompt.js';
import { ToolSelectionCoordinator } from '../src/coordinators/tool-selection.js';
import type { Context } from '../src/core/context.js';
import type { Coordinators } from '../src/core/coordinator.js';
import { ConfigError, errorData, VictorError } from '../src/core/errors.js';
import type { VictorEvent } from '../src/core/event.js';
import type {
  AnalyticsEvent,
  ExtensionFailure,
  PromptContext,
  ToolDescriptor,
} from '../src/core/extension.js';
import type { ProviderEvent, ProviderRequest } from '../src/core/provider.js';
import type { Tool } from '../src/core/tool.js';
import { guardCoordinator } from '../src/extensions/guard-coordinators.js';
import { AgentOrchestrator, type OrchestratorOptions } from '../src/orchestrator.js';
import { ScriptedProvider } from '../src/providers/scripted.js';
import { coreTools } from '../src/tools/index.js';
import { ofType } from './helpers/scripted-orchestrator.js';
import { makeWorkspace } from './helpers/workspace.js';

/** What code of a user may do wrong, as the body of any of its methods. `given` is what it was called with. */
const misbehaviours = {
  throws: () => {
    throw new Error('broken on purpose');
  },
  rejects: () => Promise.reject(new Error('broken on purpose')),
  'never resolves': () => new Promise(() => {}),
  'returns the wrong type': () => 42,
  'mutates what it was given': (...given: unknown[]) => {
    for (const one of given) vandalise(one);
    throw new Error('broken on purpose');
  },
  'throws what has no words': () => {
    throw Object.create(null);
  },
  'throws an error of ours': () => {
    throw new ConfigError('broken on purpose', { advice: 'Mend it.' });
  },
  'returns what nobody can copy': () => ({
    messages: () => {},
    model: Promise.resolve('x'),
    section: Symbol('x'),
  }),
} as const;

type Misbehaviour = (...given: never[]) => never;
const cases = Object.entries(misbehaviours) as unknown as [string, Misbehaviour][];

/** Changes all data that lets itself be changed; frozen things throw. Live objects of a library (schemas) are left. */
function vandalise(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null || depth > 4) return;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return;
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    vandalise(inner, depth + 1);
    try {
      (value as Record<string, unknown>)[key] = typeof inner === 'string' ? 'vandalised' : undefined;
    } catch {}
  }
  try {
    if (Array.isArray(value)) value.length = 0;
  } catch {}
}

const SHORT = { timeoutMs: 60 };
const opened: AgentOrchestrator[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

interface Outcome {
  readonly content: string;
  readonly failures: readonly ExtensionFailure[];
  readonly requests: readonly ProviderRequest[];
  readonly orchestrator: AgentOrchestrator;
}

/** Two turns, the first with a real Read between two provider calls; both have to end as if nothing were wrong. */
async function twoTurns(options: OrchestratorOptions): Promise<Outcome> {
  const requests: ProviderRequest[] = [];
  const script = (request: ProviderRequest) => {
    requests.push(request);
    return requests.length === 1
      ? { toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }] }
      : { text: `answer ${requests.length}` };
  };
  const cwd = await makeWorkspace({ 'a.txt': 'the content\n' });
  const orchestrator = new AgentOrchestrator({
    provider: new ScriptedProvider({ script }),
    tools: coreTools(),
    cwd,
    environment: {},
    ...options,
  });
  opened.push(orchestrator);
  const events: VictorEvent[] = [];
  orchestrator.subscribe((event) => events.push(event));
  const first = await orchestrator.chat('read it');
  expect(first.content).toBe('answer 2');
  const read = ofType(events, 'tool-result').find(({ call }) => call.name === 'Read');
  expect(read?.result.content).toContain('the content');
  const { content } = await orchestrator.chat('and again');
  // What the model is told stays what was said.
  expect(requests[2]?.messages.filter(({ role }) => role === 'user').map((one) => one.content)).toEqual([
    'read it',
    'and again',
  ]);
  orchestrator.coordinators.metrics.snapshot();
  await orchestrator.coordinators.analytics.exportAnalytics();
  return {
    content,
    requests,
    orchestrator,
    failures: ofType(events, 'extension-failure').map((one) => one.failure),
  };
}

describe.each(cases)('an extension that %s leaves the turn working, and is named', (_name, misbehave) => {
  it('config provider: the next one is asked', async () => {
    const config = new ConfigCoordinator({
      providers: [
        { name: 'bad', priority: 90, getConfig: misbehave },
        { name: 'good', getConfig: () => ({ prompt: { context: { team: 'good' } } }) },
      ],
      ...SHORT,
    });
    const outcome = await twoTurns({ coordinators: { config } });
    expect(outcome).toMatchObject({
      content: 'answer 3',
      failures: [{ kind: 'config-provider', name: 'bad' }],
    });
    expect(config.getConfig()).toEqual({ prompt: { context: { team: 'good' } } });
  });

  it('contributor: the prompt is built without it', async () => {
    const seen: PromptContext[] = [];
    const prompt = new PromptCoordinator({
      contributors: [
        { name: 'bad', priority: 90, getContribution: misbehave },
        {
          name: 'good',
          getContribution(context) {
            seen.push(context);
            return 'Be good.';
          },
        },
      ],
      ...SHORT,
    });
    const { failures, requests } = await twoTurns({ coordinators: { prompt } });
    expect(failures[0]).toMatchObject({ kind: 'contributor', name: 'bad' });
    expect(requests[0]?.system).toMatch(/^You are Victor[\s\S]*Be good\.$/);
    expect(seen[0]?.task).toBe('read it');
  });

  it('compaction: recent messages are kept', async () => {
    const strategy = { name: 'bad', compact: misbehave };
    const context = new ContextCoordinator({ compactionStrategy: strategy, threshold: 0.000_001, ...SHORT });
    const { failures } = await twoTurns({ coordinators: { context } });
    expect(failures[0]).toMatchObject({ kind: 'compaction', name: 'bad' });
    const live = context.getContext();
    const copy: Context = structuredClone(live);
    await context.compactContext(live);
    expect(context.getContext()).toEqual(copy);
  });

  it('tool selection: keyword serves', async () => {
    const strategy = {
      name: 'bad',
      score: misbehave as unknown as (request: string, tools: readonly ToolDescriptor[]) => never,
    };
    const toolSelection = new ToolSelectionCoordinator({ strategy, maxTools: 3, ...SHORT });
    const { failures, requests } = await twoTurns({ coordinators: { toolSelection } });
    expect(failures[0]).toMatchObject({ kind: 'tool-selection', name: 'bad' });
    expect(requests[0]?.tools.map(({ name }) => name)).toContain('Read');
  });

  it('exporter: the others have every event, unchanged', async () => {
    const got: AnalyticsEvent[] = [];
    const good = {
      name: 'good',
      export(events: readonly AnalyticsEvent[]) {
        got.push(...events);
        return { success: true, exportedCount: events.length };
      },
    };
    const analytics = new AnalyticsCoordinator({
      exporters: [{ name: 'bad', export: misbehave }, good],
      ...SHORT,
    });
    const { failures, orchestrator } = await twoTurns({ coordinators: { analytics } });
    expect(failures.some(({ kind, name }) => kind === 'exporter' && name === 'bad')).toBe(true);
    const { events } = await analytics.getSessionAnalytics(orchestrator.sessionId);
    expect(got.filter(({ type }) => type === 'turn_end')).toHaveLength(2);
    expect(JSON.stringify(events)).not.toContain('vandalised');
    expect(new Set(got.map(({ id }) => id)).size).toBe(got.length);
  });

  it('tool: the model is told, and the turn goes on', async () => {
    const bad: Tool = {
      name: 'Bad',
      description: 'Does it wrong.',
      kind: 'read',
      schema: z.object({ word: z.string() }),
      paths: () => [],
      describe: () => 'bad',
      execute: misbehave,
    };
    const requests: ProviderRequest[] = [];
    const script = (request: ProviderRequest) => {
      requests.push(request);
      return requests.length === 1
        ? { toolCalls: [{ name: 'Bad', input: { word: 'x' } }] }
        : { text: 'went on' };
    };
    const orchestrator = new AgentOrchestrator({
      provider: new ScriptedProvider({ script }),
      tools: [...coreTools(), bad],
      cwd: await makeWorkspace({}),
      environment: {},
      toolTimeoutMs: 60,
    });
    opened.push(orchestrator);
    expect((await orchestrator.chat('do it')).content).toBe('went on');
    expect(requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', isError: true });
    expect(requests[1]?.messages[0]?.content).toBe('do it');
  });

  it('provider: the turn fails with a typed error, the words can be sent again, and another provider answers them', async () => {
    let broken = true;
    const script = () => ({ text: 'answered' });
    const good = new ScriptedProvider({ script });
    const provider = {
      name: 'bad',
      stream: (request: ProviderRequest, signal: AbortSignal) =>
        (broken
          ? (misbehave as unknown as typeof good.stream)(request, signal)
          : good.stream(request, signal)) as AsyncIterable<ProviderEvent>,
    };
    const orchestrator = new AgentOrchestrator({ provider, cwd: await makeWorkspace({}), environment: {} });
    opened.push(orchestrator);
    const error: unknown = await orchestrator.chat('hello', { signal: AbortSignal.timeout(200) }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(VictorError);
    expect(errorData(error).message).not.toBe('');
    expect(
      orchestrator.coordinators.context.getContext().messages.filter(({ role }) => role === 'assistant'),
    ).toEqual([]);
    broken = false;
    expect((await orchestrator.chat('hello')).content).toBe('answered');
  });
});

/** Methods whose failure a turn or its surroundings would feel, and how often each is called matters not. */
const methods: { readonly [Key in keyof Coordinators]?: readonly (keyof Coordinators[Key])[] } = {
  config: ['loadConfig', 'getConfig'],
  prompt: ['buildSystemPrompt'],
  context: ['getContext', 'append', 'compactContext', 'fit'],
  chat: ['run'],
  tool: ['list', 'definitions'],
  toolSelection: ['select'],
  session: ['open', 'record', 'list'],
  provider: ['current', 'cost'],
  metrics: ['record', 'snapshot'],
  analytics: ['track', 'exportAnalytics', 'getSessionAnalytics'],
  checkpoint: ['list'],
  evaluation: ['evaluate'],
  workflow: ['list'],
};
/** An object is a right answer of a method that answers one, and a turn's own typed error is about the turn. */
const notWrong = (name: string, how: string) =>
  (how === 'returns what nobody can copy' && ['config', 'metrics'].includes(name)) ||
  (how === 'throws an error of ours' && name === 'chat');
const coordinatorCases = Object.entries(methods).flatMap(([name, all]) =>
  cases.filter(([how]) => !notWrong(name, how)).map(([how, misbehave]) => ({ name, how, all, misbehave })),
);

describe('a whole coordinator of the user', () => {
  it.each(coordinatorCases)(
    '$name that $how: the built-in one serves, and the failure is named',
    async ({ name, all, misbehave }) => {
      const own = Object.fromEntries((all as readonly string[]).map((method) => [method, misbehave]));
      const coordinators = { [name]: own } as Partial<Coordinators>;
      const { content, failures } = await twoTurns({ coordinators, coordinatorTimeoutMs: 60 });
      expect(content).toBe('answer 3');
      await sleep(1);
      if (!['checkpoint', 'evaluation', 'workflow'].includes(name)) {
        expect(failures.map((failure) => [failure.kind, failure.name])).toContainEqual(['coordinator', name]);
      }
    },
  );

  it('chat that throws an error of ours: the turn fails with it, and nothing of the turn is left', async () => {
    const chat = { run: misbehaviours['throws an error of ours'] as unknown as Coordinators['chat']['run'] };
    const orchestrator = new AgentOrchestrator({ coordinators: { chat }, environment: {} });
    opened.push(orchestrator);
    await expect(orchestrator.chat('hello')).rejects.toBeInstanceOf(ConfigError);
    expect(orchestrator.coordinators.context.getContext().messages).toEqual([]);
  });

  it('health names it, though the built-in one serves', async () => {
    const prompt = { buildSystemPrompt: misbehaviours.throws as unknown as () => Promise<string> };
    const orchestrator = new AgentOrchestrator({ coordinators: { prompt }, environment: {} });
    opened.push(orchestrator);
    const checks = await orchestrator.health();
    expect(checks.filter(({ ok }) => !ok)).toMatchObject([
      { kind: 'coordinator', name: 'prompt', detail: expect.stringContaining('broken on purpose') },
    ]);
  });

  it.each(cases)(
    'permission or mode that %s: nothing runs that would have had to be allowed',
    async (_how, misbehave) => {
      for (const own of [
        { permission: { decide: misbehave, ask: misbehave } },
        { mode: { current: misbehave, set: misbehave, allows: misbehave } },
      ]) {
        const requests: ProviderRequest[] = [];
        const script = (request: ProviderRequest) => {
          requests.push(request);
          return requests.length === 1
            ? { toolCalls: [{ name: 'Write', input: { path: 'new.txt', content: 'x' } }] }
            : { text: 'went on' };
        };
        const orchestrator = new AgentOrchestrator({
          provider: new ScriptedProvider({ script }),
          tools: coreTools(),
          cwd: await makeWorkspace({}),
          environment: {},
          settings: { permissions: { mode: 'yolo' } },
          coordinators: own as unknown as Partial<Coordinators>,
          coordinatorTimeoutMs: 60,
        });
        opened.push(orchestrator);
        const { content, denials } = await orchestrator.chat('write');
        expect(content).toBe('went on');
        expect(denials).toHaveLength(1);
      }
    },
  );
});

it('new settings reach a coordinator of the user and the built-in one behind it', () => {
  const told: unknown[] = [];
  const builtIn = new PromptCoordinator({ contributors: [] });
  const given = {
    buildSystemPrompt: () => Promise.reject(new Error('broken on purpose')),
    configure: (change: unknown) => void told.push(change),
  };
  const guarded = guardCoordinator({ name: 'prompt', given, builtIn, report() {} });
  const change = { contributors: [{ name: 'base', getContribution: () => 'new' }] };
  (guarded as unknown as typeof builtIn).configure(change);
  expect(told).toHaveLength(1);
  return expect(guarded.buildSystemPrompt({})).resolves.toBe('new');
});

it('a subscriber that throws what has no words leaves the turn working, and is named', async () => {
  const provider = new ScriptedProvider({ script: () => ({ text: 'answered' }) });
  const orchestrator = new AgentOrchestrator({ provider, environment: {} });
  opened.push(orchestrator);
  const named: string[] = [];
  orchestrator.subscribe((event) => {
    if (event.type === 'extension-failure') named.push(event.failure.name);
  });
  orchestrator.subscribe(() => {
    throw Object.create(null);
  });
  expect((await orchestrator.chat('hello')).content).toBe('answered');
  expect(named).toEqual(['a subscriber']);
});
