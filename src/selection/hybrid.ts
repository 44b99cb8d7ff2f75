import type { ToolScore, ToolSelectionStrategy } from '../core/extension.js';
import { createKeywordStrategy } from './keyword.js';
import { scaleToBest } from './scale.js';
import { createSemanticStrategy } from './semantic.js';

export interface HybridOptions {
  /** The share of the semantic score, 0 to 1: 1 ranks as `semantic` does, 0 as `keyword` does; 0.7 when absent. */
  readonly alpha?: number;
}

/** Ranks tools by alpha × semantic + (1 − alpha) × keyword, each with its best tool at 1. */
export function createHybridStrategy({ alpha = 0.7 }: HybridOptions = {}): ToolSelectionStrategy {
  const semantic = createSemanticStrategy();
  const keyword = createKeywordStrategy();
  return {
    name: 'hybrid',
    async score(request, tools) {
      const near = await semantic.score(request, tools);
      const shared = await keyword.score(request, tools);
      const both = near.map((one, index): ToolScore => {
        const other = shared[index]!;
        const parts = [
          { share: alpha * one.score, reason: one.reason },
          { share: (1 - alpha) * other.score, reason: other.reason },
        ];
        const telling = parts.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share);
        return {
          name: one.name,
          score: parts[0]!.share + parts[1]!.share,
          reason: telling.map((part) => part.reason).join('; ') || 'nothing in common with the request',
        };
      });
      return scaleToBest(both);
    },
  };
}
