import { expect, it } from 'vitest';
import { scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

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
