import { contextSize } from '../core/context-size.js';
import type { ContextCoordinator } from '../core/coordinator.js';
import type { DecisionInput } from '../core/decision-record.js';
import type { ContextOutlook, ExplainsContext } from '../core/explains.js';
import { deciding } from './deciding-method.js';

type Explaining = ContextCoordinator & ExplainsContext & { strategyOf?(context: unknown): string };

const triedReason =
  'Compacting was tried and left this much; it is tried again when the messages have grown by 5 % of the budget.';

/** What is known when a context is about to be compacted. */
interface Before {
  readonly strategyOf: (context: unknown) => string;
}

export const contextMethods = {
  fit: deciding<Explaining, 'fit', ContextOutlook | undefined>({
    sessionOf: (sessionId) => sessionId,
    before: (owner, sessionId, budgetTokens, _signal, withinTurn) =>
      owner.outlook?.(sessionId, budgetTokens, withinTurn),
    describe({ given: [, budget, , withinTurn = false], answer, before }) {
      if (answer?.changed) {
        const { strategy, before: whole, after } = answer;
        const reason = `The messages had outgrown the ${withinTurn ? 'hard ' : ''}threshold of what the model can see.`;
        const sizes = {
          messagesBefore: whole.messages,
          messagesAfter: after.messages,
          tokensBefore: whole.tokens,
          tokensAfter: after.tokens,
        };
        const at: Record<string, DecisionInput> = before
          ? { compactsAt: before.compactsAtTokens, configured: before.strategy }
          : {};
        return { outcome: 'Compacted', reason, inputs: { strategy, ...sizes, ...at, budget } };
      }
      const outcome = 'Left as it is';
      if (!before)
        return { outcome, reason: 'The context coordinator found nothing to do.', inputs: { budget } };
      const { strategy, automatic, tokens, compactsAtTokens: compactsAt, settled } = before;
      const inputs = { strategy, tokens, compactsAt, budget };
      if (!automatic) return { outcome, reason: 'This strategy compacts only when the user asks.', inputs };
      if (tokens > compactsAt)
        return { outcome, reason: 'The strategy found nothing that could go, and the request fits.', inputs };
      if (settled) return { outcome, reason: triedReason, inputs };
      const which = withinTurn ? 'hard threshold, which counts within a turn' : 'threshold';
      return { outcome, reason: `The messages are below the ${which}.`, inputs };
    },
  }),
  compactContext: deciding<Explaining, 'compactContext', Before>({
    sessionOf: (_context, sessionId) => sessionId,
    before: (owner) => ({ strategyOf: (context) => owner.strategyOf?.(context) ?? 'custom' }),
    describe({ given: [context], answer, before }) {
      const [whole, after] = [contextSize(context.messages), contextSize(answer.messages)];
      const inputs = {
        strategy: before.strategyOf(answer),
        messagesBefore: whole.messages,
        messagesAfter: after.messages,
        tokensBefore: whole.tokens,
        tokensAfter: after.tokens,
      };
      if (after.tokens === whole.tokens)
        return { outcome: 'Left as it is', reason: 'The strategy found nothing that could go.', inputs };
      return { outcome: 'Compacted', reason: 'Somebody asked for it.', inputs };
    },
  }),
};
