import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import * as z from 'zod';
import type { Tool } from '../../src/core/tool.js';
import { collect, ofType, scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

it('T17: of a hundred calls in one message a few run at once, and the results keep the order', async () => {
  let running = 0;
  let most = 0;
  const look: Tool<{ readonly index: number }> = {
    name: 'Look',
    description: 'Looks.',
    kind: 'read',
    schema: z.strictObject({ index: z.number() }),
    paths: () => [],
    describe: ({ index }) => String(index),
    async execute({ index }) {
      running += 1;
      most = Math.max(most, running);
      // The earlier ones of each few take longer.
      await sleep((100 - index) % 7);
      running -= 1;
      return { content: `result ${index}` };
    },
  };
  const indexes = Array.from({ length: 100 }, (_, index) => index);
  const toolCalls = indexes.map((index) => ({ name: 'Look', input: { index } }));
  const { orchestrator } = await scriptedOrchestrator([{ toolCalls }, { text: 'done' }], { tools: [look] });
  const events = await collect(orchestrator.stream('go'));
  const results = ofType(events, 'tool-result').map(({ result }) => result.content);
  expect(results).toEqual(indexes.map((index) => `result ${index}`));
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(8);
});
