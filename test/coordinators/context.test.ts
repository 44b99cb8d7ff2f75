import { describe, expect, it } from 'vitest';
import { builtInCompactionStrategies } from '../../src/compaction/index.js';
import { createRecentStrategy } from '../../src/compaction/recent.js';
import { createSummarizeStrategy } from '../../src/compaction/summarize.js';
import { ContextCoordinator } from '../../src/coordinators/context.js';
import type * as contract from '../../src/core/coordinator.js';
import type { VictorEvent } from '../../src/core/event.js';
import type { CompactionStrategy } from '../../src/core/extension.js';
import { assistantMessage, type Message, userMessage } from '../../src/core/message.js';
import type { ProviderRequest } from '../../src/core/provider.js';
import { initialState, reduce } from '../../src/state.js';
import { collect, ofType, scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

const keepTwo = () => new ContextCoordinator({ compactionStrategy: createRecentStrategy({ keepLast: 2 }) });

describe('a session watches and manages its context (example 7 of the seed)', () => {
  it('grows by two messages a chat, compacts without touching the live context, and resets', async () => {
    const context = keepTwo();
    const { orchestrator } = await scriptedOrchestrator([{ text: 'one' }, { text: 'two' }], {
      coordinators: { context },
    });
    const size = () => orchestrator.coordinators.context.getContext().messages.length;
    expect(size()).toBe(0);
    await orchestrator.chat('Tell me about Python');
    expect(size()).toBe(2);
    await orchestrator.chat('What about JavaScript?');
    expect(size()).toBe(4);
    const compacted = await orchestrator.coordinators.context.compactContext(context.getContext());
    expect(compacted.messages.map(({ content }) => content)).toEqual(['What about JavaScript?', 'two']);
    expect(size()).toBe(4);
    orchestrator.coordinators.context.reset();
    expect(size()).toBe(0);
  });

  it('orchestrator.compact() applies the result and reports it', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(
      [{ text: 'one' }, { text: 'two' }, { text: 'three' }],
      {
        coordinators: { context: keepTwo() },
      },
    );
    await orchestrator.chat('first');
    await orchestrator.chat('second');
    const report = await orchestrator.compact();
    expect(report).toMatchObject({
      strategy: 'recent',
      changed: true,
      before: { messages: 4 },
      after: { messages: 2 },
    });
    await orchestrator.chat('third');
    expect(requests[2]?.messages.map(({ content }) => content)).toEqual(['second', 'two', 'third']);
  });

  it('the current task of the context is the latest user message', async () => {
    const { orchestrator } = await scriptedOrchestrator([{ text: 'ok' }]);
    await orchestrator.chat('fix the parser');
    expect(orchestrator.coordinators.context.getContext().metadata.currentTask).toBe('fix the parser');
  });
});

describe('automatic compaction', () => {
  const long = 'word '.repeat(400);

  it('happens before the call that would outgrow the threshold, and is an event', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(() => ({ text: long }), {
      settings: {
        contextWindow: 12_000,
        maxTokens: 1_000,
        compaction: { strategy: 'recent', threshold: 0.5 },
      },
    });
    const compactions = [];
    for (let turn = 0; turn < 12; turn++) {
      compactions.push(...ofType(await collect(orchestrator.stream(`${turn} ${long}`)), 'compaction'));
    }
    expect(compactions.length).toBeGreaterThan(0);
    expect(compactions[0]).toMatchObject({ strategy: 'recent', automatic: true });
    expect(compactions[0]!.after.tokens).toBeLessThan(compactions[0]!.before.tokens);
    expect(Math.max(...requests.map(({ messages }) => messages.length))).toBeLessThan(24);
  });

  it('a strategy that leaves too much is followed by a stricter one, then by a typed error', async () => {
    const stubborn: CompactionStrategy = { name: 'stubborn', compact: (context) => context };
    const context = new ContextCoordinator({ compactionStrategy: stubborn });
    const history = Array.from({ length: 30 }, (_, n) =>
      n % 2 ? assistantMessage(long) : userMessage(long),
    );
    context.append(history, 's');
    const compaction = await context.fit('s', 6_000);
    expect(compaction).toMatchObject({ strategy: 'recent', changed: true });
    expect(context.getContext('s').messages.length).toBeLessThan(30);
    context.append([userMessage(long.repeat(40))], 's');
    await expect(context.fit('s', 6_000)).rejects.toMatchObject({ code: 'context-overflow' });
  });

  it("'none' never compacts by itself and leaves the context as it is when asked", async () => {
    const none = builtInCompactionStrategies.none!({});
    const context = new ContextCoordinator({ compactionStrategy: none });
    context.append([userMessage(long), assistantMessage(long), userMessage(long)], 's');
    expect(await context.fit('s', 10)).toBeUndefined();
    const { orchestrator } = await scriptedOrchestrator([{ text: 'ok' }], { coordinators: { context } });
    await orchestrator.chat('hi');
    expect(await orchestrator.compact()).toMatchObject({ strategy: 'none', changed: false });
  });

  it('a context coordinator that only appends and resets serves too', async () => {
    let messages: readonly Message[] = [];
    const plain: contract.ContextCoordinator = {
      getContext: () => ({ messages, metadata: {} }),
      append: (more) => {
        messages = [...messages, ...more];
      },
      compactContext: async (one) => ({ ...one, messages: one.messages.slice(-1) }),
      reset: () => {
        messages = [];
      },
    };
    const steps = [
      { text: 'one' },
      { error: { kind: 'authentication', message: 'no' } } as const,
      { text: 'three' },
    ];
    const { orchestrator } = await scriptedOrchestrator(steps, { coordinators: { context: plain } });
    await orchestrator.chat('first');
    await expect(orchestrator.chat('fails')).rejects.toThrow('no');
    expect(messages).toHaveLength(2);
    expect(await orchestrator.compact()).toMatchObject({ changed: true, after: { messages: 1 } });
    expect((await orchestrator.chat('third')).content).toBe('three');
  });

  it('believes the provider over its own estimate', async () => {
    const context = keepTwo();
    context.append([userMessage('a'), assistantMessage('b'), userMessage('c'), assistantMessage('d')], 's');
    expect(await context.fit('s', 1_000)).toBeUndefined();
    context.observe(900, 's');
    expect(await context.fit('s', 1_000)).toMatchObject({ before: { tokens: 900 } });
  });
});

describe('a strategy of the user', () => {
  const cases: [string, CompactionStrategy['compact']][] = [
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
    ['never answers', () => new Promise(() => {})],
    ['answers no context', () => 'nonsense' as never],
    ['answers something that is no message', () => ({ messages: [{ text: 'x' }], metadata: {} }) as never],
    [
      'changes what it was given',
      (context) => {
        (context.messages as unknown[]).length = 0;
        return context;
      },
    ],
  ];
  it.each(cases)('that %s leaves the turn working, with recent messages kept', async (_, compact) => {
    const context = new ContextCoordinator({ compactionStrategy: { name: 'mine', compact }, timeoutMs: 20 });
    const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'ok' }), {
      coordinators: { context },
    });
    const failures: string[] = [];
    orchestrator.subscribe(
      (event) => event.type === 'extension-failure' && failures.push(event.failure.name),
    );
    for (let turn = 0; turn < 8; turn++) await orchestrator.chat(`turn ${turn}`);
    const report = await orchestrator.compact();
    expect(report.after.messages).toBe(10);
    expect(failures).toEqual(['mine']);
    expect((await orchestrator.chat('go on')).content).toBe('ok');
  });
});

describe('decisions about compaction', () => {
  const long = 'word '.repeat(400);
  const history = (count: number): Message[] =>
    Array.from({ length: count }, (_, n) => (n % 2 ? assistantMessage(long) : userMessage(long)));

  it('compactContext runs the strategy whatever the threshold, and leaves the live context untouched', async () => {
    const context = new ContextCoordinator({
      compactionStrategy: createRecentStrategy({ keepLast: 2 }),
      threshold: 1,
    });
    context.append(
      ['a', 'b', 'c', 'd'].map((text) => userMessage(text)),
      's',
    );
    const live = context.getContext('s');
    expect(await context.fit('s', 1_000_000)).toBeUndefined();
    const compacted = await context.compactContext(live);
    expect(compacted.messages.map(({ content }) => content)).toEqual(['c', 'd']);
    expect(context.getContext('s').messages).toBe(live.messages);
  });

  it('an unchanged context is a valid answer: orchestrator.compact() says that nothing changed', async () => {
    const same: CompactionStrategy = {
      name: 'same',
      compact: (one) => ({ ...one, messages: [...one.messages] }),
    };
    const context = new ContextCoordinator({ compactionStrategy: same });
    const { orchestrator } = await scriptedOrchestrator([{ text: 'ok' }], { coordinators: { context } });
    await orchestrator.chat('hi');
    expect(await orchestrator.compact()).toMatchObject({ strategy: 'same', changed: false });
    const live = context.getContext();
    expect(await context.compactContext(live)).toBe(live);
  });

  it('only automatic compaction that is still over its budget goes to the next strategy', async () => {
    const lazy: CompactionStrategy = {
      name: 'lazy',
      compact: (one) => ({ ...one, messages: one.messages.slice(2) }),
    };
    const context = new ContextCoordinator({ compactionStrategy: lazy });
    context.append(history(30), 's');
    expect((await context.compactContext(context.getContext('s'))).messages).toHaveLength(28);
    expect(await context.fit('s', 15_000)).toMatchObject({ strategy: 'lazy', after: { messages: 28 } });
    expect(await context.fit('s', 6_000)).toMatchObject({ strategy: 'recent', after: { messages: 10 } });
    await expect(context.fit('s', 300)).rejects.toMatchObject({ code: 'context-overflow' });
    expect(context.getContext('s').messages).toHaveLength(10);
  });

  it('a strategy knows how much is wanted while compaction is automatic, and the session does not keep that', async () => {
    const targets: unknown[] = [];
    const asking: CompactionStrategy = {
      name: 'asking',
      compact: (one) => {
        targets.push(one.metadata.targetTokens);
        return { messages: one.messages.slice(-4), metadata: one.metadata };
      },
    };
    const context = new ContextCoordinator({ compactionStrategy: asking, threshold: 0.5 });
    context.append(history(20), 's');
    const compaction = await context.fit('s', 10_000);
    expect(targets).toEqual([2_500]);
    expect(compaction!.context.metadata).not.toHaveProperty('targetTokens');
    expect(context.getContext('s').metadata).not.toHaveProperty('targetTokens');
    await context.compactContext(context.getContext('s'));
    expect(targets).toEqual([2_500, undefined]);
  });

  it('what compaction cannot bring below its threshold is tried again only after it has grown', async () => {
    let runs = 0;
    const counting: CompactionStrategy = {
      name: 'counting',
      compact: (one) => {
        runs++;
        return { ...one, messages: one.messages.slice(1) };
      },
    };
    const context = new ContextCoordinator({ compactionStrategy: counting, threshold: 0.5 });
    context.append(history(16), 's');
    await context.fit('s', 10_000);
    await context.fit('s', 10_000);
    context.append([userMessage('short')], 's');
    await context.fit('s', 10_000);
    expect(runs).toBe(1);
    context.append(history(2), 's');
    await context.fit('s', 10_000);
    expect(runs).toBe(2);
  });

  it('within a turn only the hard threshold compacts, between turns the soft one; a hard one below it is lifted to it', async () => {
    const fits = async (tokens: number, withinTurn: boolean, hardThreshold?: number) => {
      const context = new ContextCoordinator({ threshold: 0.5, ...(hardThreshold ? { hardThreshold } : {}) });
      context.append(history(20), 's');
      context.observe(tokens, 's');
      return (await context.fit('s', 20_000, undefined, withinTurn))?.changed ?? false;
    };
    expect(await fits(12_000, false)).toBe(true);
    expect(await fits(12_000, true)).toBe(false);
    expect(await fits(19_500, true)).toBe(true);
    expect(await fits(12_000, true, 0.55)).toBe(true);
    expect(await fits(9_000, true, 0.1)).toBe(false);
  });

  it.each([
    ['is left alone between the thresholds until the next turn', 0.95, ['after']],
    ['is interrupted past the hard threshold of the settings', 0.3, ['within']],
  ])('a turn of many calls %s', async (_, hardThreshold, expected) => {
    let calls = 0;
    const { orchestrator } = await scriptedOrchestrator(
      () =>
        calls++ < 7 ? { toolCalls: [{ name: 'Read', input: { path: `${calls}.txt` } }] } : { text: 'done' },
      {
        files: Object.fromEntries(
          Array.from({ length: 9 }, (__, n) => [`${n}.txt`, `file ${n}\n${'some words\n'.repeat(400)}`]),
        ),
        settings: {
          contextWindow: 22_000,
          maxTokens: 1_000,
          compaction: { threshold: 0.25, hardThreshold },
        },
      },
    );
    const whens: string[] = [];
    const note = (when: string, events: readonly VictorEvent[]) => {
      if (ofType(events, 'compaction').length > 0) whens.push(when);
    };
    note('within', await collect(orchestrator.stream('read them all')));
    note('after', await collect(orchestrator.stream('go on')));
    expect(whens.slice(0, 1)).toEqual(expected);
  });

  it('a session that is reset while it is compacted stays empty', async () => {
    let finish = () => {};
    const slow: CompactionStrategy = {
      name: 'slow',
      compact: async (one) => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return { ...one, messages: one.messages.slice(-2) };
      },
    };
    const context = new ContextCoordinator({ compactionStrategy: slow });
    context.append(history(20), 's');
    const fitting = context.fit('s', 5_000);
    await new Promise((resolve) => setImmediate(resolve));
    context.reset('s');
    finish();
    expect(await fitting).toBeUndefined();
    expect(context.getContext('s').messages).toEqual([]);
  });
});

describe('a strategy that asks the model', () => {
  const long = 'word '.repeat(400);
  const isSummary = ({ system }: ProviderRequest) => system.includes('You write the notes');
  const settings = {
    contextWindow: 8_000,
    maxTokens: 1_000,
    compaction: { strategy: 'summarize', threshold: 0.6 },
    prices: { script: { input: 1, output: 1 } },
  };
  const summarizing = () =>
    new ContextCoordinator({ compactionStrategy: createSummarizeStrategy({ keepLast: 2 }), threshold: 0.6 });

  it("is given the session's own, and the next request starts with its notes", async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(
      (request) => (isSummary(request) ? { text: '## Goal\nthe notes' } : { text: long }),
      { settings, coordinators: { context: summarizing() } },
    );
    for (let turn = 0; turn < 5; turn++) await orchestrator.chat(`${turn} ${long}`);
    const at = requests.findIndex(isSummary);
    expect(at).toBeGreaterThan(0);
    expect(requests[at]!.tools).toEqual([]);
    expect(requests[at + 1]!.messages[0]!.content).toContain('## Goal\nthe notes');
    expect(requests[at + 1]!.messages.at(-1)!.content).toMatch(/^\d word/);
  });

  it('is counted for the session that it works for; its own request does not move the meter of the context, and the smaller context has none yet', async () => {
    const { orchestrator } = await scriptedOrchestrator(
      (request) =>
        isSummary(request)
          ? { text: 'notes', usage: { inputTokens: 5_000, outputTokens: 7 } }
          : { text: long, usage: { inputTokens: 100, outputTokens: 1 } },
      { settings: { ...settings, contextWindow: 100_000 }, coordinators: { context: summarizing() } },
    );
    for (let turn = 0; turn < 4; turn++) await orchestrator.chat(`${turn} ${long}`, { sessionId: 'mine' });
    const { metrics } = orchestrator.coordinators;
    const events: VictorEvent[] = [];
    const meters: number[] = [];
    orchestrator.subscribe((event) => {
      events.push(event);
      if (event.type === 'request-end') meters.push(metrics.snapshot('mine').contextTokens);
    });
    expect(await orchestrator.compact('mine')).toMatchObject({ strategy: 'summarize', changed: true });
    expect(meters).toEqual([101]);
    expect(ofType(events, 'request-end')).toMatchObject([
      { sessionId: 'mine', purpose: 'compaction', usage: { inputTokens: 5_000, outputTokens: 7 } },
    ]);
    const [counted] = ofType(events, 'request-end');
    expect(reduce(initialState({ contextTokens: 101 }), counted!).footer.contextTokens).toBe(101);
    expect(metrics.snapshot('mine')).toMatchObject({
      providerCalls: 5,
      usage: { inputTokens: 5_400, outputTokens: 11 },
      // What the compaction left is counted with the next request; nothing is known of it before.
      contextTokens: 0,
    });
    expect(metrics.snapshot(orchestrator.sessionId).providerCalls).toBe(0);
  });

  it('that fails leaves the turn working: the failure is an event, recent messages are kept', async () => {
    const { orchestrator } = await scriptedOrchestrator(
      (request) =>
        isSummary(request) ? { error: { kind: 'authentication', message: 'no key' } } : { text: long },
      { settings, coordinators: { context: summarizing() } },
    );
    const events: VictorEvent[] = [];
    for (let turn = 0; turn < 9; turn++)
      events.push(...(await collect(orchestrator.stream(`${turn} ${long}`))));
    expect(ofType(events, 'extension-failure')[0]!.failure).toMatchObject({
      kind: 'compaction',
      name: 'summarize',
    });
    expect(ofType(events, 'compaction')[0]).toMatchObject({ strategy: 'recent' });
    expect(ofType(events, 'turn-end')).toHaveLength(9);
  });

  it('stops when the user interrupts: the request ends, nothing is blamed, the context stays as it was', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(
      (request) => (isSummary(request) ? { text: 'late', delayMs: 60_000 } : { text: long }),
      { settings, coordinators: { context: summarizing() } },
    );
    const { context } = orchestrator.coordinators;
    context.append(
      Array.from({ length: 9 }, (_, n) => (n % 2 ? assistantMessage(long) : userMessage(long))),
      orchestrator.sessionId,
    );
    const events: VictorEvent[] = [];
    orchestrator.subscribe((event) => events.push(event));
    const controller = new AbortController();
    const startedAt = performance.now();
    const turn = collect(orchestrator.stream('go on', { signal: controller.signal }));
    while (!requests.some(isSummary)) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    const told = await turn;
    expect(ofType(told, 'turn-end')).toMatchObject([{ reason: 'interrupted' }]);
    await expect
      .poll(() => ofType(events, 'request-end'))
      .toMatchObject([{ stopReason: 'interrupted', costUsd: null }]);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(ofType(events, 'extension-failure')).toEqual([]);
    expect(context.getContext().messages).toHaveLength(10);
    expect(context.getContext().messages[0]!.content).toBe(long);
  });

  it('that takes too long loses its model, too', async () => {
    let lost: unknown;
    const context = new ContextCoordinator({
      timeoutMs: 20,
      compactionStrategy: {
        name: 'slow',
        compact: async (one, model) => {
          await model!.complete({ system: 'You write the notes', prompt: 'x' }).catch((error) => {
            lost = error;
          });
          return one;
        },
      },
    });
    const { orchestrator } = await scriptedOrchestrator(
      (request) => (isSummary(request) ? { text: 'late', delayMs: 60_000 } : { text: 'ok' }),
      { coordinators: { context } },
    );
    await orchestrator.chat('hi');
    await orchestrator.compact();
    await expect.poll(() => lost).toMatchObject({ code: 'aborted' });
  });

  it('gets none from the offline provider, which finds things but writes no notes', async () => {
    const models: unknown[] = [];
    const context = new ContextCoordinator({
      compactionStrategy: {
        name: 'looking',
        compact: (one, model) => {
          models.push(model);
          return one;
        },
      },
    });
    const { orchestrator } = await scriptedOrchestrator([], {
      provider: 'offline',
      coordinators: { context },
    });
    await orchestrator.compact();
    expect(models).toEqual([undefined]);
  });
});

it('a task is the latest message again after a compaction by hand, and the report names the strategy that served', async () => {
  const broken = {
    name: 'mine',
    compact: () => {
      throw new Error('broken on purpose');
    },
  };
  const context = new ContextCoordinator({ compactionStrategy: broken });
  const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'ok' }), { coordinators: { context } });
  for (let number = 1; number <= 8; number++) await orchestrator.chat(`message ${number}`);
  expect((await orchestrator.compact()).strategy).toBe('recent');
  await orchestrator.chat('the next task');
  expect(context.getContext().metadata.currentTask).toBe('the next task');
});

it('a task that the host has set stays, also over a compaction', async () => {
  const context = new ContextCoordinator();
  const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'ok' }), { coordinators: { context } });
  for (let number = 1; number <= 8; number++) await orchestrator.chat(`message ${number}`);
  const { messages } = context.getContext();
  context.replace({ messages, metadata: { currentTask: 'the migration' } });
  await orchestrator.compact();
  await orchestrator.chat('go on');
  expect(context.getContext().metadata.currentTask).toBe('the migration');
});

it('a reset during a turn leaves nothing of that turn behind', async () => {
  const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'late' }));
  for await (const event of orchestrator.stream('hello')) {
    if (event.type === 'request-start') await orchestrator.resetSession(orchestrator.sessionId);
  }
  expect(orchestrator.coordinators.context.getContext().messages).toEqual([]);
});
