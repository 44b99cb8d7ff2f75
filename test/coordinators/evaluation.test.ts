import { expect, it } from 'vitest';
import { EvaluationCoordinator } from '../../src/coordinators/evaluation.js';
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
