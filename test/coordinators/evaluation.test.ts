import { expect, it } from 'vitest';
import { builtInCompactionStrategies } from '../../src/compaction/index.js';
import { EvaluationCoordinator } from '../../src/coordinators/evaluation.js';
import type { Context } from '../../src/core/context.js';
import type { EvaluationScore } from '../../src/core/coordinator.js';
import type { CompactionStrategy } from '../../src/core/extension.js';
import { userMessage } from '../../src/core/message.js';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';

const messages = Array.from({ length: 30 }, (_, n) => userMessage(`message ${n}`));
const names = (scores: readonly EvaluationScore[]) => scores.map(({ strategy }) => strategy);

it('evaluation replays a recorded session against every strategy that asks no model, the one in force first', async () => {
  const { orchestrator, requests } = await scriptedOrchestrator(() => ({
    text: 'a long answer '.repeat(20),
  }));
  for (let turn = 0; turn < 9; turn++) await orchestrator.chat(`question ${turn}`);
  const { messages } = orchestrator.coordinators.context.getContext();
  const scores = await orchestrator.coordinators.evaluation.evaluate([{ sessionId: 's', messages }]);
  expect(names(scores)).toEqual(['recent', 'semantic', 'task-aware', 'prune-tool-output', 'none']);
  const [recent] = scores;
  expect(recent).toMatchObject({ configured: true, before: { messages: 18 }, after: { messages: 10 } });
  expect(recent!.after.tokens).toBeLessThan(recent!.before.tokens);
  expect(scores.at(-1)).toMatchObject({ configured: false, after: { messages: 18 } });
  for (const { before, after } of scores) expect(after.tokens).toBeLessThanOrEqual(before.tokens);
  expect(orchestrator.coordinators.context.getContext().messages).toHaveLength(18);
  expect(requests).toHaveLength(9);
});

it('evaluation scores the strategy that is configured, with its options', async () => {
  const cwd = await makeWorkspace();
  const home = await makeWorkspace({
    'config.yaml': 'compaction: { strategy: [semantic, { targetCount: 7 }] }\n',
  });
  const orchestrator = await createOrchestrator({ cwd, environment: { VICTOR_HOME: home } });
  const scores = await orchestrator.coordinators.evaluation.evaluate([{ sessionId: 's', messages }]);
  expect(scores[0]).toMatchObject({ strategy: 'semantic', configured: true, after: { messages: 7 } });
  expect(names(scores).filter((name) => name === 'semantic')).toHaveLength(1);
  await orchestrator.close();
});

it('a strategy that cannot do it without a model, throws or hangs is scored with its problem, the others as ever', async () => {
  const cwd = await makeWorkspace();
  const home = await makeWorkspace({ 'config.yaml': 'compaction: { strategy: summarize }\n' });
  const orchestrator = await createOrchestrator({ cwd, environment: { VICTOR_HOME: home } });
  const long = messages.map((one) => ({ ...one, content: one.content.repeat(20) }));
  const [summarize, recent] = await orchestrator.coordinators.evaluation.evaluate([
    { sessionId: 's', messages: long },
  ]);
  expect(summarize).toMatchObject({ strategy: 'summarize', problem: expect.stringContaining('No model') });
  expect(summarize!.after).toEqual(summarize!.before);
  expect(recent).toMatchObject({ strategy: 'recent', after: { messages: 10 } });
  expect(recent).not.toHaveProperty('problem');
  await orchestrator.close();

  const broken: CompactionStrategy = { name: 'broken', compact: () => Promise.reject(new Error('no')) };
  const hanging: CompactionStrategy = { name: 'hanging', compact: () => new Promise(() => {}) };
  const evaluation = new EvaluationCoordinator({ configured: broken, others: [hanging], timeoutMs: 20 });
  const scores = await evaluation.evaluate([{ sessionId: 's', messages }]);
  expect(scores.map(({ problem }) => problem)).toEqual(['no', 'no answer within 20 ms']);
});

it('a strategy that was swapped in is the one in force from the next evaluation on', async () => {
  const evaluation = new EvaluationCoordinator({
    configured: { name: 'one', compact: (context) => context },
  });
  evaluation.configure({ configured: { name: 'other', compact: (context) => context } });
  expect(names(await evaluation.evaluate([{ sessionId: 's', messages }]))).toEqual(['other']);
});

it('with budgets each strategy is tried once with each: a share of the tokens, or tokens, that it is asked to have', async () => {
  const wanted: (number | undefined)[] = [];
  const curious: CompactionStrategy = {
    name: 'curious',
    compact: (context) => {
      wanted.push(context.metadata.targetTokens);
      return { ...context, messages: context.messages.slice(-4) };
    },
  };
  const evaluation = new EvaluationCoordinator({ configured: curious });
  const scores = await evaluation.evaluate([{ sessionId: 's', messages }], { budgets: [0.5, 40] });
  const half = Math.floor(scores[0]!.before.tokens / 2);
  expect(wanted).toEqual([half, 40]);
  expect(scores.map(({ budgetTokens }) => budgetTokens)).toEqual([half, 40]);
  expect(scores[0]).toMatchObject({ dropped: messages.slice(0, -4).map(({ id }) => id), shortened: [] });
  expect(scores[0]).not.toHaveProperty('problem');
});

it('what a session must not lose is told with each score: a strategy that keeps little loses facts', async () => {
  const constraint = userMessage('Never delete a backup.');
  const evaluation = new EvaluationCoordinator({
    configured: { name: 'all', compact: (context) => context },
  });
  const last = {
    name: 'last',
    compact: (context: Context) => ({ ...context, messages: context.messages.slice(-1) }),
  };
  const all = { name: 'all', compact: (context: Context) => context };
  const scores = await evaluation.evaluate(
    [{ sessionId: 's', messages: [constraint, ...messages], facts: ['message 7'] }],
    { strategies: [all, last] },
  );
  expect(scores.map(({ strategy, facts }) => [strategy, facts])).toEqual([
    [
      'all',
      [
        { kind: 'constraint', text: 'Never delete a backup.', kept: true },
        { kind: 'own', text: 'message 7', kept: true },
      ],
    ],
    [
      'last',
      [
        { kind: 'constraint', text: 'Never delete a backup.', kept: false },
        { kind: 'own', text: 'message 7', kept: false },
      ],
    ],
  ]);
});

it('the caller may answer strategies that ask a model, and how often each asked is told', async () => {
  const long = messages.map((one) => ({ ...one, content: `${one.content} must stay. `.repeat(20) }));
  const { orchestrator, requests } = await scriptedOrchestrator([]);
  const [summarize, recent] = await orchestrator.coordinators.evaluation.evaluate(
    [{ sessionId: 's', messages: long }],
    {
      strategies: [builtInCompactionStrategies.summarize!({}), builtInCompactionStrategies.recent!({})],
      model: { complete: async () => 'notes' },
      rounds: 3,
    },
  );
  expect(summarize).toMatchObject({ modelCalls: 1, strategy: 'summarize' });
  expect(summarize!.after.tokens).toBeLessThan(summarize!.before.tokens);
  expect(recent).toMatchObject({ modelCalls: 0 });
  expect(requests).toEqual([]);
});
