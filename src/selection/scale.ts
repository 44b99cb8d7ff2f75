import type { ToolScore } from '../core/extension.js';

/** The same scores with the best at 1; where none is above 0 they stay as they are. */
export function scaleToBest(scores: readonly ToolScore[]): ToolScore[] {
  const best = Math.max(0, ...scores.map(({ score }) => score));
  return scores.map((one) => (best === 0 ? one : { ...one, score: one.score / best }));
}
