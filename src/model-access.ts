import { uncounted } from './chat/input-estimate.js';
import type { TurnBudget } from './core/budget.js';
import type { ModelOf, ProviderCoordinator } from './core/coordinator.js';
import { CompactionError } from './core/errors.js';
import type { EventBody } from './core/event.js';
import { userMessage } from './core/message.js';
import { estimateTextTokens } from './core/tokens.js';
import { limitSentence } from './core/turn-limit.js';
import { noUsage, type Usage } from './core/usage.js';

/** Output tokens when a request does not say. */
const DEFAULT_MAX_TOKENS = 2_048;
/** Of the requests that a lasting fault may take in a turn: the answer needs some too, and a strategy has a stand-in. */
const MOST_ATTEMPTS = 3;

type RequestEnd = Extract<EventBody, { type: 'request-end' }>;
type Told = Extract<EventBody, { type: 'request-end' | 'request-retry' | 'provider-fallback' }>;

/**
 * Lets strategies ask the model that answers a session, through the provider coordinator and its retries. Every request
 * is told as an event when it ends, also one that broke off, so that what it cost is counted. The offline provider
 * finds things but is no model, so it is not asked.
 */
export function createModelOf(
  provider: ProviderCoordinator,
  tell: (event: Told, sessionId: string) => void,
  budgetOf: (sessionId: string) => TurnBudget | undefined,
): ModelOf {
  return (sessionId, signal) => {
    if (provider.current(sessionId).provider === 'offline') return undefined;
    return {
      async complete({ system, prompt, maxTokens = DEFAULT_MAX_TOKENS }) {
        let { provider: name, model, contextWindow } = provider.current(sessionId);
        const inputTokens = () => uncounted(estimateTextTokens(system ?? '') + estimateTextTokens(prompt));
        const budget = await budgetOf(sessionId)?.forCall({ inputTokens, maxTokens });
        const affordable = budget?.outputTokens((one) => provider.cost(one, sessionId));
        if (budget && affordable === undefined) {
          // Strategies that ask nobody do the work then.
          throw new CompactionError(limitSentence(budget.limit()), { advice: 'Raise the budget.' });
        }
        let startedAt = performance.now();
        const messages = [userMessage(prompt)];
        let text = '';
        let begun = false;
        let end: (Pick<RequestEnd, 'stopReason'> & { usage?: Usage; costUsd?: number | null }) | undefined;
        // Nobody says what a request that broke off has cost.
        const told = (one: NonNullable<typeof end>) => {
          const { usage, stopReason } = one;
          const durationMs = performance.now() - startedAt;
          const { costUsd = usage ? provider.cost(usage, sessionId) : null } = one;
          const counted = { usage: usage ?? noUsage, costUsd, stopReason, durationMs, contextWindow };
          tell({ type: 'request-end', provider: name, model, purpose: 'compaction', ...counted }, sessionId);
        };
        try {
          const request = {
            ...{ sessionId, system, messages, tools: [], maxTokens, attempts: MOST_ATTEMPTS },
            ...(budget ? { budget } : {}),
          };
          for await (const event of provider.stream(request, signal)) {
            const failed = event.type === 'request-retry' || event.type === 'provider-fallback';
            if (failed && begun) told({ stopReason: 'interrupted' });
            begun = !failed;
            if (event.type === 'text-delta') text += event.text;
            if (event.type === 'end') end = event;
            if (!failed) continue;
            tell(event, sessionId);
            text = '';
            startedAt = performance.now() + ('waitMs' in event ? event.waitMs : 0);
            ({ provider: name, model, contextWindow } = provider.current(sessionId));
          }
        } finally {
          told(end ?? { stopReason: 'interrupted' });
        }
        const stopReason = end?.stopReason ?? 'interrupted';
        if (stopReason === 'end') return text;
        throw new CompactionError(`The model did not finish its answer (${stopReason}).`, {
          advice: 'Give the strategy more output tokens, or choose another model.',
        });
      },
    };
  };
}
