import { expect, it } from 'vitest';
import { scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

it('metrics count turns, calls, denials, tokens and money, per session and in all', async () => {
  const usage = { inputTokens: 1_000, cacheReadTokens: 500, outputTokens: 100 };
  const steps = [
    { ...toolCall('Bash', { command: 'touch made' }), usage },
    { ...toolCall('Read', { path: 'absent.txt' }), usage },
    { text: 'done', usage },
    { text: 'other', usage },
  ];
  const { orchestrator } = await scriptedOrchestrator(steps, {
    model: 'priced',
    settings: { prices: { priced: { input: 10, output: 20 } } },
  });
  await orchestrator.chat('go', { sessionId: 'one' });
  await orchestrator.chat('go', { sessionId: 'two' });
  const { metrics } = orchestrator.coordinators;
  const one = metrics.snapshot('one');
  expect(one).toMatchObject({
    turns: 1,
    providerCalls: 3,
    toolCalls: 2,
    denials: 1,
    toolErrors: 1,
    unpricedCalls: 0,
  });
  expect(one.costUsd).toBeCloseTo((3 * (1_000 * 10 + 500 * 1 + 100 * 20)) / 1e6, 10);
  expect(one.contextTokens).toBe(1_600);
  expect(metrics.snapshot()).toMatchObject({ turns: 2, providerCalls: 4 });
  expect(metrics.snapshot('nobody').turns).toBe(0);
});
