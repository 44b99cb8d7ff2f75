import { describe, expect, it } from 'vitest';
import { type CachedSession, cachedSession, dialects } from '../helpers/cached-session.js';

const mostBytes = 12_000;

/** Somebody can be asked, so that every built-in tool is offered. */
const onApproval = async () => ({ allowed: false, scope: 'once' }) as const;

async function firstRequest(session: CachedSession): Promise<string> {
  await session.orchestrator.chat('Hello.');
  return JSON.stringify(session.server.requests[0]!.body);
}

describe('the first request of a session with every built-in tool', () => {
  it.each([
    ...dialects.map((dialect) => [dialect, 'first-model', {}] as const),
    ['openai', 'gpt-5', {}],
    ['openai', 'gpt-5', { provider: ['openai', { api: 'responses' }] }],
    ['openai', 'gpt-5', { provider: ['openai', { api: 'chat' }] }],
  ] as const)(
    'has at most 12 kB on the wire, over %s with the model %s and %j',
    async (dialect, model, settings) => {
      const session = await cachedSession(dialect, () => ({ text: 'Hello.' }), {
        onApproval,
        caches: false,
        flags: { model, ...settings },
      });
      const bytes = Buffer.byteLength(await firstRequest(session));
      console.log(`${dialect} ${model} ${JSON.stringify(settings)}: ${bytes} bytes of the first request`);
      expect(bytes).toBeLessThanOrEqual(mostBytes);
    },
  );
});
