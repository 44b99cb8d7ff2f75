import type { Context } from '../core/context.js';
import { AbortedError } from '../core/errors.js';
import type { CompactionStrategy } from '../core/extension.js';
import { estimateTokens } from '../core/tokens.js';
import { enforceInvariants } from './enforce-invariants.js';

/**
 * Strategies one after the other, each on what the one before left. Ends as soon as the messages have at most
 * `metadata.targetTokens`; without that target all of them run. What the first throws ends the chain; where a later one
 * fails (a model that cannot be asked, say), what those before it gained is the answer.
 */
export function createHybridStrategy(strategies: readonly CompactionStrategy[]): CompactionStrategy {
  return {
    name: 'hybrid',
    async compact(context, model) {
      const target = context.metadata.targetTokens ?? 0;
      let smaller: Context = context;
      for (const strategy of strategies) {
        try {
          smaller = enforceInvariants(smaller, await strategy.compact(smaller, model));
        } catch (error) {
          if (smaller === context || error instanceof AbortedError) throw error;
        }
        if (estimateTokens(smaller.messages) <= target) break;
      }
      return smaller;
    },
  };
}
