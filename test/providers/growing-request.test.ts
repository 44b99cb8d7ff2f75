import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VolatileNotes } from '../../src/chat/volatile-notes.js';
import { ContextCoordinator } from '../../src/coordinators/context.js';
import type { Message } from '../../src/core/message.js';
import type { ProviderRequest, RequestMessage } from '../../src/core/provider.js';
import { validHistory } from '../../src/core/valid-history.js';
import { anthropicRequest } from '../../src/providers/anthropic-request.js';
import { openAIRequest } from '../../src/providers/openai-request.js';
import { responsesRequest } from '../../src/providers/openai-responses-request.js';
import { quirksOf } from '../../src/providers/quirks.js';
import { randomHistory } from '../helpers/random-history.js';

const step = fc.record({
  change: fc.constantFrom('append', 'append', 'append', 'append', 'append', 'compact', 'rewind'),
  count: fc.integer({ min: 1, max: 12 }),
  kept: fc.double({ min: 0, max: 1, noNaN: true }),
  volatile: fc.constantFrom('', 'A', 'B'),
  model: fc.constantFrom('some-model', 'some-model', 'claude-opus-4-8', 'gpt-5.2'),
});
const steps = fc.array(step, { minLength: 1, maxLength: 30, size: 'max' });
const quirks = ['https://api.openai.com/v1', 'http://localhost:1234/v1'].map(quirksOf);

/** Every dialect's bytes. */
const bodies = (request: ProviderRequest) =>
  [
    anthropicRequest(request),
    ...quirks.map((one) => openAIRequest(request, one)),
    responsesRequest(request, 'api.openai.com'),
  ].map((body) => JSON.stringify(body));

describe('the requests of a conversation that grows', () => {
  it('have the bytes of one that is said for the first time, in every dialect', () => {
    fc.assert(
      fc.property(randomHistory, steps, (history, all) => {
        const context = new ContextCoordinator();
        const notes = new VolatileNotes();
        let used = 0;
        for (const { change, count, kept, volatile, model } of all) {
          const { messages, metadata } = context.getContext('s');
          const from = Math.floor(messages.length * kept);
          if (change === 'append') context.append(history.slice(used, used + count), 's');
          if (change === 'append') used += count;
          if (change === 'compact') context.replace({ messages: messages.slice(from), metadata }, 's');
          if (change === 'rewind') context.replace({ messages: messages.slice(0, from), metadata }, 's');
          const now: readonly Message[] = context.getContext('s').messages;
          // What was interrupted is mended for the wire, and never remembered.
          const [whole, bare] = [notes.place('s', validHistory(now), volatile), now];
          for (const sent of [whole, bare] as const) {
            const request = {
              system: 'S',
              messages: sent as readonly RequestMessage[],
              tools: [],
              maxTokens: 9,
              model,
            };
            expect(bodies(request)).toEqual(bodies({ ...request, messages: [...sent] }));
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
