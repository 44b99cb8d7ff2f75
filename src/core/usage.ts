/** Tokens of one or more provider calls, each tier apart because each has its own price. */
export interface Usage {
  /** Prompt tokens that were neither read from nor written to a cache. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Those of `cacheWriteTokens` that were written for an hour, which cost more; absent when there are none. */
  readonly cacheWrite1hTokens?: number;
  /** Those of `outputTokens` that were thinking, where the provider says so; absent when there are none. */
  readonly reasoningTokens?: number;
  /** The sum of the four tiers. */
  readonly totalTokens: number;
}

/** What a provider reports of a call: the tiers, without their sum. */
export type UsageTiers = Partial<Omit<Usage, 'totalTokens'>>;

export const noUsage: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  totalTokens: 0,
};

/** Builds a usage from its tiers; anything that is not a finite, non-negative number counts as zero. */
export function usage(tiers: UsageTiers): Usage {
  const inputTokens = count(tiers.inputTokens);
  const outputTokens = count(tiers.outputTokens);
  const cacheReadTokens = count(tiers.cacheReadTokens);
  const cacheWriteTokens = count(tiers.cacheWriteTokens);
  const cacheWrite1hTokens = Math.min(count(tiers.cacheWrite1hTokens), cacheWriteTokens);
  const reasoningTokens = Math.min(count(tiers.reasoningTokens), outputTokens);
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    ...(cacheWrite1hTokens > 0 ? { cacheWrite1hTokens } : {}),
    ...(reasoningTokens > 0 ? { reasoningTokens } : {}),
    totalTokens: inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens,
  };
}

export function addUsage(a: Usage, b: Usage): Usage {
  return usage({
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    cacheWrite1hTokens: (a.cacheWrite1hTokens ?? 0) + (b.cacheWrite1hTokens ?? 0),
    reasoningTokens: (a.reasoningTokens ?? 0) + (b.reasoningTokens ?? 0),
  });
}

/** Tokens the model had in view for one call: everything but what it wrote. */
export function contextTokens(one: Usage): number {
  return one.inputTokens + one.cacheReadTokens + one.cacheWriteTokens;
}

/** US dollars per million tokens, per tier. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  /** Defaults to 0.1 × input, the ratio both large providers publish. */
  readonly cacheRead?: number | undefined;
  /** Defaults to 1.25 × input, the published price of a five-minute cache write. */
  readonly cacheWrite?: number | undefined;
  /** Defaults to 2 × input, the published price of a one-hour cache write. */
  readonly cacheWrite1h?: number | undefined;
}

export interface Price extends Rates {
  /** What every token of a call costs whose prompt, cached parts included, has more than `above` tokens; ascending. */
  readonly longContext?: readonly (Rates & { readonly above: number })[] | undefined;
}

/** The rates with those that were left out. */
export function completeRates(rates: Rates): { readonly [Tier in keyof Rates]-?: number } {
  const { input, output } = rates;
  const { cacheRead = input * 0.1, cacheWrite = input * 1.25, cacheWrite1h = input * 2 } = rates;
  return { input, output, cacheRead, cacheWrite, cacheWrite1h };
}

/** Cost of one provider call in US dollars, or `null` when the price is unknown; unknown is never zero. */
export function costUsd(one: Usage, price: Price | undefined): number | null {
  if (!price) return null;
  const { input, output, cacheRead, cacheWrite, cacheWrite1h } = completeRates(
    price.longContext?.findLast(({ above }) => contextTokens(one) > above) ?? price,
  );
  const written1h = one.cacheWrite1hTokens ?? 0;
  const dollars =
    one.inputTokens * input +
    one.outputTokens * output +
    one.cacheReadTokens * cacheRead +
    (one.cacheWriteTokens - written1h) * cacheWrite +
    written1h * cacheWrite1h;
  return dollars / 1_000_000;
}

function count(value: number | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}
