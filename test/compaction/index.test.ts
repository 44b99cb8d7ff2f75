import { describe, expect, it } from 'vitest';
import { createHybridStrategy } from '../../src/compaction/hybrid.js';
import { builtInCompactionStrategies } from '../../src/compaction/index.js';
import type { CompactionStrategy, ModelAccess } from '../../src/core/extension.js';
import { type Message, systemMessage, userMessage } from '../../src/core/message.js';
import { estimateTokens } from '../../src/core/tokens.js';
import { conversation } from './conversation.js';

const create = (name: string, options: unknown) => builtInCompactionStrategies[name]!(options);

describe('the built-in compaction strategies', () => {
  it.each([
    ['recent', { keepLast: 3 }],
    ['summarize', { keepLast: 4, maxTokens: 500, maxInputTokens: 8_000 }],
    ['semantic', { keepLast: 4, targetCount: 12 }],
    ['task-aware', { keepLast: 15, keep: 5 }],
    ['prune-tool-output', { keepLast: 4, keepErrors: 8, maxCharacters: 400 }],
    ['hybrid', { strategies: ['prune-tool-output', ['summarize', { keepLast: 4 }]] }],
    ['none', {}],
  ])('%s goes by its name, takes its options and none at all', (name, options) => {
    expect(create(name, options).name).toBe(name);
    expect(create(name, undefined).name).toBe(name);
  });

  it.each([
    ['recent', { keep: 3 }, /keep/],
    ['summarize', { maxTokens: 1 }, /256/],
    ['semantic', { targetCount: 0 }, /targetCount/],
    ['task-aware', { keepLast: 'ten' }, /keepLast/],
    ['prune-tool-output', { maxCharacters: 10 }, /300/],
    ['hybrid', { strategies: ['sumarize'] }, /summarize.*or one of them with options/],
    ['hybrid', { strategies: [['recent', { keepLast: -1 }]] }, /keepLast/],
    ['hybrid', { strategies: ['hybrid'] }, /expected recent/],
    ['none', { keepLast: 3 }, /keepLast/],
  ])('%s refuses %j', (name, options, message) => {
    expect(() => create(name, options)).toThrow(message);
  });
});

describe('hybrid', () => {
  const messages = conversation(
    Array.from({ length: 10 }, (_, n) => [`topic ${n}`, 'out '.repeat(1_000)] as const),
  );
  const tokens = estimateTokens(messages);
  const strategies = ['prune-tool-output', ['recent', { keepLast: 4 }]];

  it('runs each on what the one before left', async () => {
    const asked: string[] = [];
    const model: ModelAccess = {
      complete: async ({ prompt }) => {
        asked.push(prompt);
        return 'notes';
      },
    };
    const chain = create('hybrid', { strategies: ['prune-tool-output', 'summarize'] });
    const after = await chain.compact({ messages, metadata: {} }, model);
    expect(asked[0]).toContain('Left out to save room');
    expect(after.messages[0]).toMatchObject({ summary: true });
  });

  it('as it comes asks no model where pruning and what is about the task are small enough', async () => {
    const model: ModelAccess = { complete: () => Promise.reject(new Error('nobody was to be asked')) };
    const metadata = { targetTokens: Math.floor(tokens / 20), currentTask: 'topic 3' };
    const after = await create('hybrid', {}).compact({ messages, metadata }, model);
    expect(estimateTokens(after.messages)).toBeLessThanOrEqual(metadata.targetTokens);
    expect(after.messages.map(({ content }) => content)).toContain('topic 3');
    expect(after.messages.some(({ summary }) => summary)).toBe(false);
  });

  it('answers what was gained so far where a later strategy fails', async () => {
    const chain = create('hybrid', {
      strategies: [
        ['recent', { keepLast: 20 }],
        ['summarize', { keepLast: 4 }],
      ],
    });
    const after = await chain.compact({ messages, metadata: {} });
    expect(after.messages).toEqual(messages.slice(-20));
  });

  it('ends as soon as the target is met', async () => {
    const metadata = { targetTokens: Math.floor(tokens / 2) };
    const after = await create('hybrid', { strategies }).compact({ messages, metadata });
    expect(after.messages).toHaveLength(messages.length);
    expect(estimateTokens(after.messages)).toBeLessThanOrEqual(metadata.targetTokens);
  });

  it('runs all of them without a target, or with one that stays out of reach', async () => {
    for (const metadata of [{}, { targetTokens: 10 }]) {
      const after = await create('hybrid', { strategies }).compact({ messages, metadata });
      expect(after.messages).toEqual(messages.slice(-4));
    }
  });

  it('mends what a strategy broke before the next one sees it', async () => {
    const seen: (readonly Message[])[] = [];
    const careless: CompactionStrategy = {
      name: 'careless',
      compact: ({ messages: all, metadata }) => ({
        messages: all.filter(({ role }) => role !== 'tool' && role !== 'system'),
        metadata,
      }),
    };
    const next: CompactionStrategy = {
      name: 'next',
      compact(context) {
        seen.push(context.messages);
        return context;
      },
    };
    const original = [systemMessage('Rules.'), ...messages];
    await createHybridStrategy([careless, next]).compact({ messages: original, metadata: {} });
    expect(seen[0]![0]).toBe(original[0]);
    const called = seen[0]!.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id }) => id));
    const answered = seen[0]!.flatMap(({ toolCallId }) => toolCallId ?? []);
    expect(called).not.toEqual([]);
    expect(answered).toEqual(called);
  });

  it('fails as the strategy in it fails', async () => {
    const chain = create('hybrid', { strategies: ['summarize', 'recent'] });
    await expect(
      chain.compact({ messages: [userMessage('x'), ...messages], metadata: {} }),
    ).rejects.toMatchObject({
      code: 'compaction',
    });
  });
});
