import { expect, it } from 'vitest';
import type { ProviderRequest } from '../../src/core/provider.js';
import { AgentOrchestrator } from '../../src/orchestrator.js';
import { ScriptedProvider } from '../../src/providers/scripted.js';

const look = { toolCalls: [{ name: 'List', input: { path: '.' } }] };

it('a turn may be given lower limits than the settings have, and no higher ones', async () => {
  const orchestrator = new AgentOrchestrator({
    provider: new ScriptedProvider({ script: () => look }),
    settings: { maxTurns: 3 },
  });
  const reached = async (maxTurns: number) =>
    (await orchestrator.chat('go', { sessionId: `s${maxTurns}`, limits: { maxTurns } })).limit;
  expect(await reached(2)).toEqual({ name: 'maxTurns', value: 2 });
  expect(await reached(9)).toEqual({ name: 'maxTurns', value: 3 });
  const { limit } = await orchestrator.chat('go', { sessionId: 'calls', limits: { maxToolCalls: 1 } });
  expect(limit).toEqual({ name: 'maxToolCalls', value: 1 });
  await orchestrator.close();
});

it('a schema for the answer goes with each request of its turn, and with no other', async () => {
  const requests: ProviderRequest[] = [];
  const provider = new ScriptedProvider({
    script: (request) => {
      requests.push(request);
      return requests.length === 1 ? look : { text: '{}' };
    },
  });
  const orchestrator = new AgentOrchestrator({ provider });
  const answerSchema = { type: 'object' };
  await orchestrator.chat('as JSON', { answerSchema });
  await orchestrator.chat('in words');
  expect(requests.map((one) => one.answerSchema)).toEqual([answerSchema, answerSchema, undefined]);
  await orchestrator.close();
});
