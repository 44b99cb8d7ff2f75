import type { ModelOf, ProviderCoordinator } from './core/coordinator.js';
import { CompactionError } from './core/errors.js';
import type { EventBody } from './core/event.js';
import { userMessage } from './core/message.js';
import { noUsage, type Usage } from './core/usage.js';

/** Output tokens when a request does not say. */
const DEFAULT_MAX_TOKENS = 2_048;

type RequestEnd = Extract<EventBody, { type: 'request-end' }>;

/**
 * Lets strategies ask the model that answers a session, through the provider coordinator and its retries. Every request
 * is told as an event when it ends, also one that broke off, so that what it cost is counted. The offline provider
 * finds things but is no model, so it is not asked.
 */
export function createModelOf(
  provider: ProviderCoordinator,
  tell: (event: RequestEnd, sessionId: string) => void,
): ModelOf {
  return (sessionId, signal) => {
    if (provider.current(sessionId).provider === 'offline') return undefined;
    return {
      async complete({ system, prompt, maxTokens = DEFAULT_MAX_TOKENS }) {
        const { provider: name, model, contextWindow } = provider.current(sessionId);
        const startedAt = performance.now();
        const messages = [userMessage(prompt)];
        let text = '';
        let usage: Usage | undefined;
        let stopReason: RequestEnd['stopReason'] = 'interrupted';
        try {
          const request = { sessionId, system, messages, tools: [], maxTokens };
          for await (const event of provider.stream(request, signal)) {
            if (event.type === 'text-delta') text += event.text;
            if (event.type === 'end') ({ usage, stopReason } = event);
          }
        } finally {
          tell(
            {
              type: 'request-end',
              provider: name,
              model,
              purpose: 'compaction',
              usage: usage ?? noUsage,
              // Nobody says what a request that broke off has cost.
              costUsd: usage ? provider.cost(usage, sessionId) : null,
              stopReason,
              durationMs: performance.now() - startedAt,
              contextWindow,
            },
            sessionId,
          );
        }
        if (stopReason === 'end') return text;
        throw new CompactionError(`The model did not finish its answer (${stopReason}).`, {
          advice: 'Give the strategy more output tokens, or choose another model.',
        });
      },
    };
  };
}
