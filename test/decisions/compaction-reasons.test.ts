import { expect, it } from 'vitest';
import { ContextCoordinator } from '../../src/coordinators/context.js';
import { scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

it('after a compaction that left too much, the reason why none follows is not that there is too little', async () => {
  const compactionStrategy = { name: 'careful', compact: <T>(context: T) => context };
  const context = new ContextCoordinator({ compactionStrategy: compactionStrategy as never, threshold: 0.4 });
  const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'noted' }), {
    coordinators: { context },
    settings: { contextWindow: 9_000, maxTokens: 1_000 },
  });
  const latest = async () => (await orchestrator.decisions()).findLast(({ decision }) => decision === 'fit')!;
  const reasons = new Set<string>();
  for (let turn = 0; turn < 12; turn++) {
    // The first are long, and the others hardly grow what there is.
    await orchestrator.chat(turn < 9 ? 'word '.repeat(400) : 'go on');
    const { reason, inputs } = await latest();
    reasons.add(reason);
    const isPast = Number(inputs.tokens ?? inputs.tokensAfter) > 0.4 * Number(inputs.budget);
    expect([turn, reason === 'The messages are below the threshold.']).toEqual([turn, !isPast]);
  }
  const tried =
    'Compacting was tried and left this much; it is tried again when the messages have grown by 5 % of the budget.';
  expect([...reasons]).toContain('The messages are below the threshold.');
  expect((await latest()).reason).toBe(tried);
});
