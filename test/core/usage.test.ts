import { describe, expect, it } from 'vitest';
import { addUsage, contextTokens, costUsd, usage } from '../../src/core/usage.js';

describe('usage and cost', () => {
  const one = usage({
    inputTokens: 1_000,
    outputTokens: 200,
    cacheReadTokens: 10_000,
    cacheWriteTokens: 500,
  });

  it('counts every tier once in the total and leaves the output out of the context', () => {
    expect(one.totalTokens).toBe(11_700);
    expect(contextTokens(one)).toBe(11_500);
    expect(addUsage(one, one).totalTokens).toBe(23_400);
  });

  it('prices each tier apart: a cache read at a tenth, a cache write at 1.25 of the input price', () => {
    const cost = costUsd(one, { input: 3, output: 15 });
    expect(cost).toBeCloseTo((1_000 * 3 + 200 * 15 + 10_000 * 0.3 + 500 * 3.75) / 1e6, 12);
  });

  it('says null, never zero, when the price is unknown', () => {
    expect(costUsd(one, undefined)).toBeNull();
  });

  it('V18: counts absent, negative and not finite numbers as zero', () => {
    const odd = { inputTokens: -5, outputTokens: Number.NaN, cacheReadTokens: '7' as unknown as number };
    expect(usage(odd).totalTokens).toBe(0);
  });
});
