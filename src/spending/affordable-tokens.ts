import type { CostOf } from '../core/budget.js';
import { usage } from '../core/usage.js';

/** An answer of fewer tokens is hardly worth its prompt: the turn ends instead. About a short paragraph, or one tool call. */
export const LEAST_OUTPUT_TOKENS = 256;

const MILLION = 1_000_000;
const inputTiers = ['inputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;

export interface PlannedCall {
  readonly inputTokens: number;
  /** Output tokens that are wanted. */
  readonly maxTokens: number;
}

/**
 * Output tokens that `leftUsd` pays for after the prompt, which is taken to cost what its dearest tier would: nobody knows
 * before the call what a cache holds. `undefined` when that is too few, or when the price is unknown.
 */
export function affordableTokens(
  { inputTokens, maxTokens }: PlannedCall,
  leftUsd: number,
  cost: CostOf,
): number | undefined {
  const tiers = inputTiers.map((tier) => cost(usage({ [tier]: inputTokens })));
  const outputMillion = cost(usage({ outputTokens: MILLION }));
  if (outputMillion === null || tiers.includes(null)) return undefined;
  const input = Math.max(...tiers.map(Number));
  // What costs nothing crosses nothing, however much was spent on others.
  if (input === 0 && outputMillion === 0) return maxTokens;
  const left = leftUsd - input;
  if (left < 0) return undefined;
  const tokens = outputMillion === 0 ? maxTokens : Math.floor((left / outputMillion) * MILLION);
  const fits = Math.min(tokens, maxTokens);
  return fits >= Math.min(LEAST_OUTPUT_TOKENS, maxTokens) ? fits : undefined;
}
