import { expect, it } from 'vitest';
import { userMessage } from '../../src/core/message.js';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';

it('evaluation replays a recorded session against a strategy and counts tokens before and after', async () => {
  const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'a long answer '.repeat(20) }));
  for (let turn = 0; turn < 9; turn++) await orchestrator.chat(`question ${turn}`);
  const { messages } = orchestrator.coordinators.context.getContext();
  const [score, ...rest] = await orchestrator.coordinators.evaluation.evaluate([
    { sessionId: 's', messages },
  ]);
  expect(rest).toEqual([]);
  expect(score).toMatchObject({
    sessionId: 's',
    strategy: 'recent',
    before: { messages: 18 },
    after: { messages: 10 },
  });
  expect(score!.after.tokens).toBeLessThan(score!.before.tokens);
  expect(orchestrator.coordinators.context.getContext().messages).toHaveLength(18);
});

it('evaluation scores the strategy that is configured', async () => {
  const cwd = await makeWorkspace();
  const home = await makeWorkspace({
    'config.yaml': 'compaction: { strategy: [recent, { keepLast: 2 }] }\n',
  });
  const orchestrator = await createOrchestrator({ cwd, environment: { VICTOR_HOME: home } });
  const messages = ['a', 'b', 'c', 'd', 'e'].map((text) => userMessage(text));
  const [score] = await orchestrator.coordinators.evaluation.evaluate([{ sessionId: 's', messages }]);
  expect(score).toMatchObject({ strategy: 'recent', before: { messages: 5 }, after: { messages: 2 } });
  await orchestrator.close();
});
