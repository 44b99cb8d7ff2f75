/** Tokens of one or more provider calls, each tier apart because each has its own price. */
export interface Usage {
  /** Prompt tokens that were neither read from nor written to a cache. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** The sum of the four tiers. */
  readonly totalTokens: number;
}

export const noUsage: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  totalTokens: 0,
};

/** Builds a usage from its tiers; anything that is not a finite, non-negative number counts as zero. */
export function usage(tiers: Partial<Omit<Usage, 'totalTokens'>>): Usage {
  const inputTokens = count(tiers.inputTokens);
  const outputTokens = count(tiers.outputTokens);
  const cacheReadTokens = count(tiers.cacheReadTokens);
  const cacheWriteTokens = count(tiers.cacheWriteTokens);
  const totalTokens = inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
  return { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, totalTokens };
}

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    totalTokens: a.totalTokens + b.totalTokens,
  };
}

/** Tokens the model had in view for one call: everything but what it wrote. */
export function contextTokens(one: Usage): number {
  return one.inputTokens + one.cacheReadTokens + one.cacheWriteTokens;
}

/** US dollars per million tokens, per tier. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Defaults to 0.1 × input, the ratio both large providers publish. */
  readonly cacheRead?: number | undefined;
  /** Defaults to 1.25 × input, the published price of a five-minute cache write. */
  readonly cacheWrite?: number | undefined;
}

/** Cost in US dollars, or `null` when the price is unknown; unknown is never zero. */
export function costUsd(one: Usage, price: Price | undefined): number | null {
  if (!price) return null;
  const dollars =
    one.inputTokens * price.input +
    one.outputTokens * price.output +
    one.cacheReadTokens * (price.cacheRead ?? price.input * 0.1) +
    one.cacheWriteTokens * (price.cacheWrite ?? price.input * 1.25);
  return dollars / 1_000_000;
}

function count(value: number | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}
