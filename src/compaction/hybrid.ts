import type { Context } from '../core/context.js';
import type { CompactionStrategy } from '../core/extension.js';
import { estimateTokens } from '../core/tokens.js';
import { enforceInvariants } from './enforce-invariants.js';

/**
 * Strategies one after the other, each on what the one before left. Ends as soon as the messages have at most
 * `metadata.targetTokens`; without that target all of them run. What one of them throws ends the chain.
 */
export function createHybridStrategy(strategies: readonly CompactionStrategy[]): CompactionStrategy {
  return {
    name: 'hybrid',
    async compact(context, model) {
      const target = context.metadata.targetTokens ?? 0;
      let smaller: Context = context;
      for (const strategy of strategies) {
        smaller = enforceInvariants(smaller, await strategy.compact(smaller, model));
        if (estimateTokens(smaller.messages) <= target) break;
      }
      return smaller;
    },
  };
}
