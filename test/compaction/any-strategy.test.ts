import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInCompactionStrategies } from '../../src/compaction/index.js';
import { ContextCoordinator } from '../../src/coordinators/context.js';
import { currentTask } from '../../src/core/current-task.js';
import type { CompactionStrategy, ModelAccess } from '../../src/core/extension.js';
import {
  assistantMessage,
  type Message,
  systemMessage,
  toolMessage,
  userMessage,
} from '../../src/core/message.js';
import { estimateTokens } from '../../src/core/tokens.js';
import { validHistory } from '../../src/core/valid-history.js';
import { compactSession } from '../../src/orchestrator/compact-session.js';
import { anthropicRequest } from '../../src/providers/anthropic-request.js';
import { openAIRequest } from '../../src/providers/openai-request.js';
import { responsesRequest } from '../../src/providers/openai-responses-request.js';
import { long } from '../helpers/campaign.js';
import { randomHistory } from '../helpers/random-history.js';
import { anthropicProblems, openAIProblems, responsesProblems } from '../helpers/wire-problems.js';
import { instructionFiles, projectSession } from './project-session.js';

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
    responses: JSON.parse(JSON.stringify(responsesRequest(request, 'api.openai.com'))),
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
    'see %s in all three protocols',
    (_, sketch: readonly { role: string; calls?: string[]; id?: string; text?: string }[]) => {
      const messages = sketch.map(({ role, calls = [], id, text }, index) => ({
        id: String(index),
        role: role as Message['role'],
        content: text ?? 'text',
        toolCalls: calls.map((call) => ({ id: call, name: 'Read', input: {} })),
        ...(id ? { toolCallId: id } : {}),
      }));
      const { anthropic, openai, responses } = bodies(messages);
      expect(anthropicProblems(anthropic)).not.toEqual([]);
      expect(openAIProblems(openai)).not.toEqual([]);
      expect(responsesProblems(responses)).not.toEqual([]);
    },
  );
});

describe('after any strategy the context is valid for all three wire protocols', () => {
  it.each([...builtIns, ...adversarial])('$name', async (strategy) => {
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
        expect(responsesProblems(sent.responses)).toEqual([]);
      }),
      { numRuns: long ? 60 : 20, endOnFailure: true },
    );
  });
});

describe('whatever the strategy, the thresholds and the order of what happens', () => {
  const action = fc.oneof(
    fc.record({ kind: fc.constant('say' as const), messages: randomHistory }),
    fc.record({
      kind: fc.constant('fit' as const),
      budget: fc.integer({ min: 50, max: 20_000 }),
      within: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('compact' as const), focus: fc.constantFrom('', 'the parser of dates') }),
    fc.record({ kind: fc.constant('measure' as const), tokens: fc.nat(30_000) }),
  );

  it.each([...builtIns, ...adversarial])(
    '$name sends what all protocols take, and never grows',
    async (strategy) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(action, { minLength: 2, maxLength: 8 }),
          fc.double({ min: 0.05, max: 1, noNaN: true }),
          fc.double({ min: 0.05, max: 1, noNaN: true }),
          async (actions, threshold, hardThreshold) => {
            const coordinator = new ContextCoordinator({
              compactionStrategy: strategy,
              threshold,
              hardThreshold,
            });
            coordinator.modelOf = () => model;
            // No request is sent before the user said something.
            coordinator.append([userMessage('Let us begin.')], 's');
            let number = 0;
            for (const one of actions) {
              const before = coordinator.getContext('s').messages;
              if (one.kind === 'say') {
                // Ids of one history do not come again in the next.
                const prefix = `${++number}-`;
                coordinator.append(
                  one.messages.map((message) => ({ ...message, id: prefix + message.id })),
                  's',
                );
                continue;
              }
              if (one.kind === 'measure') coordinator.observe(one.tokens, 's');
              else if (one.kind === 'fit') {
                await coordinator.fit('s', one.budget, undefined, one.within).catch((error) => {
                  expect(error).toMatchObject({ code: 'context-overflow' });
                });
              } else await compactSession(coordinator, { emit: async () => {} }, 's', one.focus);
              const { messages } = coordinator.getContext('s');
              expect(estimateTokens(messages)).toBeLessThanOrEqual(estimateTokens(before));
              const sent = bodies(validHistory(messages));
              expect(anthropicProblems(sent.anthropic)).toEqual([]);
              expect(openAIProblems(sent.openai)).toEqual([]);
              expect(responsesProblems(sent.responses)).toEqual([]);
            }
          },
        ),
        { numRuns: long ? 60 : 15, endOnFailure: true },
      );
    },
  );
});

describe('whatever the strategy and the thresholds, each request of a session has its instruction files as they are, what is volatile, and what its message mentions', () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('ask' as const),
        reads: fc.nat(4),
        mention: fc.boolean(),
        length: fc.integer({ min: 1, max: 400 }),
      }),
    },
    fc.record({ kind: fc.constant('write' as const), file: fc.constantFrom(...instructionFiles) }),
    fc.record({ kind: fc.constant('note' as const), number: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ kind: fc.constant('compact' as const), focus: fc.constantFrom('', 'the short file') }),
    fc.record({ kind: fc.constant('uncompact' as const) }),
  );

  it.each([...builtIns, ...adversarial])('$name', async (strategy) => {
    let compactions = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 3, maxLength: 10 }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.integer({ min: 6_000, max: 30_000 }),
        async (steps, threshold, hardThreshold, contextWindow) => {
          const session = projectSession(strategy, { threshold, hardThreshold, contextWindow });
          try {
            for (const one of steps) {
              if (one.kind === 'ask') await session.ask('words '.repeat(one.length), one.reads, one.mention);
              else if (one.kind === 'write') session.write(one.file);
              else if (one.kind === 'note') session.note(`note ${one.number}`);
              else if (one.kind === 'compact') await session.compact(one.focus);
              else await session.uncompact();
              expect(session.problems).toEqual([]);
            }
            await session.ask('And at last?', 1, true);
            expect(session.problems).toEqual([]);
            compactions += session.compactions;
          } finally {
            await session.close();
          }
        },
      ),
      {
        numRuns: long ? 40 : 6,
        endOnFailure: true,
        // One history that is compacted for certain, by any strategy that compacts at all.
        examples: [
          [
            [...Array(4).keys()].map(() => ({ kind: 'ask', reads: 4, mention: true, length: 400 }) as const),
            0.05,
            0.05,
            20_000,
          ],
        ],
      },
    );
    if (strategy.automatic !== false) expect(compactions).toBeGreaterThan(0);
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
