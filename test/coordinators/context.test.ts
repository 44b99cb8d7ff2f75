import { describe, expect, it } from 'vitest';
import { builtInCompactionStrategies } from '../../src/compaction/index.js';
import { createRecentStrategy } from '../../src/compaction/recent.js';
import { ContextCoordinator } from '../../src/coordinators/context.js';
import type * as contract from '../../src/core/coordinator.js';
import type { CompactionStrategy } from '../../src/core/extension.js';
import { assistantMessage, type Message, userMessage } from '../../src/core/message.js';
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
