import type { ToolScore, ToolSelectionStrategy } from '../core/extension.js';
import { standardScores, stretched } from '../relevance/standard-scores.js';
import { createKeywordStrategy } from './keyword.js';
import { createSemanticStrategy, type SemanticOptions } from './semantic.js';

export interface HybridOptions extends SemanticOptions {
  /** The share of the semantic score, 0 to 1: 1 ranks as `semantic` does, 0 as `keyword` does; 0.7 when absent. */
  readonly alpha?: number;
}

/**
 * Ranks tools by alpha × semantic + (1 − alpha) × keyword, each in standard deviations from the mean of all tools, because
 * the spread of the two is not alike.
 */
export function createHybridStrategy({ alpha = 0.7, ...options }: HybridOptions = {}): ToolSelectionStrategy {
  const semantic = createSemanticStrategy(options);
  const keyword = createKeywordStrategy();
  return {
    name: 'hybrid',
    async score(request, tools) {
      const near = await semantic.score(request, tools);
      const shared = await keyword.score(request, tools);
      const nearScores = standardScores(near.map(({ score }) => score));
      const sharedScores = standardScores(shared.map(({ score }) => score));
      const both = nearScores.map((one, index) => alpha * one + (1 - alpha) * sharedScores[index]!);
      const scores = stretched(both, Math.max(alpha > 0 ? best(near) : 0, alpha < 1 ? best(shared) : 0));
      return near.map(({ name, reason }, index): ToolScore => {
        const ofNear = alpha * nearScores[index]!;
        const ofShared = (1 - alpha) * sharedScores[index]!;
        return {
          name,
          score: scores[index]!,
          reason: bothReasons(ofNear, reason, ofShared, shared[index]!.reason),
        };
      });
    },
  };
}

/** Those that raise the score, the stronger first. */
function bothReasons(ofNear: number, near: string, ofShared: number, shared: string): string {
  if (ofNear <= 0 && ofShared <= 0) return 'others have more in common with the request';
  if (ofNear <= 0) return shared;
  if (ofShared <= 0) return near;
  return ofShared > ofNear ? `${shared}; ${near}` : `${near}; ${shared}`;
}

function best(scores: readonly ToolScore[]): number {
  return Math.max(0, ...scores.map(({ score }) => score));
}
