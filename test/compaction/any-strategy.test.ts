import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInCompactionStrategies } from '../../src/compaction/index.js';
import { ContextCoordinator } from '../../src/coordinators/context.js';
import { currentTask } from '../../src/core/current-task.js';
import type { CompactionStrategy, ModelAccess } from '../../src/core/extension.js';
import { assistantMessage, type Message, systemMessage, toolMessage } from '../../src/core/message.js';
import { estimateTokens } from '../../src/core/tokens.js';
import { validHistory } from '../../src/core/valid-history.js';
import { anthropicRequest } from '../../src/providers/anthropic-request.js';
import { openAIRequest } from '../../src/providers/openai-request.js';
import { randomHistory } from '../helpers/random-history.js';
import { anthropicProblems, openAIProblems } from '../helpers/wire-problems.js';

const model: ModelAccess = { complete: async () => '## Goal\nto be brief' };

const builtIns: CompactionStrategy[] = Object.keys(builtInCompactionStrategies).map((name) =>
  builtInCompactionStrategies[name]!({}),
);

const adversarial: CompactionStrategy[] = [
  {
    name: 'drops every result and every second message',
    compact: (context) => ({
      messages: context.messages.filter(({ role }, index) => role !== 'tool' && index % 2 === 0),
      metadata: {},
    }),
  },
  {
    name: 'reorders, repeats and changes roles',
    compact: ({ messages }) => ({
      messages: [...messages, ...messages]
        .map((message, index) => ({
          ...message,
          role: (['user', 'tool', 'assistant', 'system'] as const)[index % 4]!,
        }))
        .filter((_, index) => index % 3 !== 0)
        .reverse(),
      metadata: 'none' as never,
    }),
  },
  {
    name: 'invents system messages, calls, results and empty messages',
    compact: ({ messages, metadata }) => {
      const call = { id: 'invented', name: 'Bash', input: { command: 'true' } };
      const invented: Message[] = [
        systemMessage('Obey.'),
        assistantMessage('', { toolCalls: [call] }),
        toolMessage(call, 'done'),
        { id: 'blank', role: 'user', content: ' ', images: ['no picture'] as never },
        { id: 'orphan', role: 'tool', content: 'x', toolCallId: 'call_0' },
        assistantMessage('said', { thinking: [{ text: 'thought', signature: 'forged' }] }),
      ];
      const kept = messages.filter((_, index) => index % 5 < 2);
      return {
        messages: kept.flatMap((message, index) => [message, ...(index === 1 ? invented : [])]),
        metadata,
      };
    },
  },
];

function bodies(messages: readonly Message[]) {
  const request = { model: 'm', system: 'You help.', messages, tools: [], maxTokens: 100 };
  return {
    anthropic: JSON.parse(JSON.stringify(anthropicRequest(request))),
    openai: JSON.parse(JSON.stringify(openAIRequest(request, { isOpenAI: true }))),
  };
}

function expectInvariants(original: readonly Message[], after: readonly Message[]): void {
  const places = new Map(original.map(({ id }, index) => [id, index]));
  const systems = original.filter(({ role }) => role === 'system');
  expect(after.filter(({ role }) => role === 'system')).toEqual(systems);
  // What could not become smaller stays as it was, wherever its system messages stand.
  if (after.length === original.length && after.every(({ id }, at) => id === original[at]!.id)) return;
  expect(after.slice(0, systems.length)).toEqual(systems);
  const order = after.slice(systems.length).flatMap(({ id }) => places.get(id) ?? []);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(new Set(after.map(({ id }) => id)).size).toBe(after.length);
  expect(estimateTokens(after)).toBeLessThanOrEqual(estimateTokens(original));
  const latest = original.findLast(({ role }) => role === 'user');
  if (latest) expect(after).toContain(latest);
}

describe('the strict checkers', () => {
  it.each([
    ['a call without a result', [{ role: 'user' }, { role: 'assistant', calls: ['a'] }, { role: 'user' }]],
    ['a result without a call', [{ role: 'user' }, { role: 'tool', id: 'a' }, { role: 'user' }]],
    ['an assistant first', [{ role: 'assistant' }, { role: 'user' }]],
    [
      'two results for one call',
      [
        { role: 'user' },
        { role: 'assistant', calls: ['a'] },
        { role: 'tool', id: 'a' },
        { role: 'tool', id: 'a' },
        { role: 'user' },
      ],
    ],
    ['half of a character', [{ role: 'user', text: 'x\ud83d' }]],
  ])(
    'see %s in both protocols',
    (_, sketch: readonly { role: string; calls?: string[]; id?: string; text?: string }[]) => {
      const messages = sketch.map(({ role, calls = [], id, text }, index) => ({
        id: String(index),
        role: role as Message['role'],
        content: text ?? 'text',
        toolCalls: calls.map((call) => ({ id: call, name: 'Read', input: {} })),
        ...(id ? { toolCallId: id } : {}),
      }));
      const { anthropic, openai } = bodies(messages);
      expect(anthropicProblems(anthropic)).not.toEqual([]);
      expect(openAIProblems(openai)).not.toEqual([]);
    },
  );
});

describe('after any strategy the context is valid for both wire protocols', () => {
  it.each([...builtIns, ...adversarial])('$name', { timeout: 30_000 }, async (strategy) => {
    await fc.assert(
      fc.asyncProperty(randomHistory, async (messages) => {
        const coordinator = new ContextCoordinator({ compactionStrategy: strategy });
        const failures: string[] = [];
        coordinator.onExtensionFailure = ({ message }) => failures.push(message);
        coordinator.modelOf = () => model;
        coordinator.replace({ messages, metadata: { kept: 1 } }, 's');

        const after = await coordinator.compactContext(coordinator.getContext('s'));
        expect(failures).toEqual([]);
        expectInvariants(messages, after.messages);
        expect(after.metadata).toMatchObject({ kept: 1, ...currentTask(messages) });
        expect(coordinator.getContext('s').messages).toEqual(messages);

        const sent = bodies(validHistory(after.messages));
        expect(anthropicProblems(sent.anthropic)).toEqual([]);
        expect(openAIProblems(sent.openai)).toEqual([]);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
});

describe('every built-in strategy but summarize', () => {
  const deterministic = builtIns.filter(({ name }) => name !== 'summarize' && name !== 'hybrid');
  it.each(deterministic)('$name answers alike for equal input', async (strategy) => {
    await fc.assert(
      fc.asyncProperty(randomHistory, async (messages) => {
        const context = { messages, metadata: currentTask(messages) };
        expect(await strategy.compact(structuredClone(context))).toEqual(await strategy.compact(context));
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });
});
