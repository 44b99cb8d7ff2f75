import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUsage, costUsd, type Price, type UsageTiers, usage } from '../../src/core/usage.js';
import { listedModel } from '../../src/providers/listed-model.js';
import { modelData, modelDataSource } from '../../src/providers/model-data.js';
import { presets } from '../../src/providers/presets.js';

const tokens = fc.nat(2_000_000);
const dollars = fc.double({ min: 0, max: 200, noNaN: true });
const rates = fc.record({
  input: dollars,
  output: dollars,
  cacheRead: dollars,
  cacheWrite: dollars,
  cacheWrite1h: dollars,
});
const tiers = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const;
type Counts = Record<(typeof tiers)[number], number>;
const counts = fc.record({
  input: tokens,
  output: tokens,
  cacheRead: tokens,
  cacheWrite5m: tokens,
  cacheWrite1h: tokens,
});

function asUsage(count: Partial<Counts>): UsageTiers {
  const { input = 0, output = 0, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0 } = count;
  return {
    inputTokens: input,
    outputTokens: output,
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite5m + cacheWrite1h,
    cacheWrite1hTokens: cacheWrite1h,
  };
}

const close = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

describe('money', () => {
  it('a call costs the sum of what each of its five tiers costs alone', () => {
    fc.assert(
      fc.property(counts, rates, (count, price) => {
        const whole = costUsd(usage(asUsage(count)), price)!;
        const apart = tiers.map((tier) => costUsd(usage(asUsage({ [tier]: count[tier] })), price)!);
        const priceOf = { ...price, cacheWrite5m: price.cacheWrite };
        for (const [index, tier] of tiers.entries()) {
          expect(close(apart[index]!, (count[tier] * priceOf[tier]) / 1e6), tier).toBe(true);
        }
        expect(
          close(
            whole,
            apart.reduce((sum, one) => sum + one, 0),
          ),
        ).toBe(true);
      }),
    );
  });

  it('two calls cost what their sum does, where no price depends on their length', () => {
    fc.assert(
      fc.property(counts, counts, rates, (a, b, price) => {
        const [one, two] = [usage(asUsage(a)), usage(asUsage(b))];
        const sum = addUsage(one, two);
        expect(sum.totalTokens).toBe(one.totalTokens + two.totalTokens);
        expect(close(costUsd(sum, price)!, costUsd(one, price)! + costUsd(two, price)!)).toBe(true);
      }),
    );
  });

  it('a long prompt pays the long price for every token, cached ones counted in its length', () => {
    fc.assert(
      fc.property(
        counts,
        rates,
        rates,
        fc.integer({ min: 1, max: 2_000_000 }),
        (count, short, long, above) => {
          const length = count.input + count.cacheRead + count.cacheWrite5m + count.cacheWrite1h;
          const price: Price = { ...short, longContext: [{ ...long, above }] };
          const used = usage(asUsage(count));
          expect(costUsd(used, price)).toBe(costUsd(used, length > above ? long : short));
        },
      ),
    );
  });
});

/** By hand, from the lines of the price list: US dollars per million tokens. */
describe('one call of each family, by hand', () => {
  const price = (provider: string, model: string) => {
    const found = listedModel(provider, model)?.price;
    if (!found) throw new Error(`${provider}/${model} has no price in the list.`);
    return found;
  };

  it('Anthropic: input comes without its cached parts', () => {
    // claude-opus-4-5: 5 in, 25 out, 0.5 read, 6.25 for five minutes, 10 for an hour.
    const cost = costUsd(
      usage({
        inputTokens: 1_000,
        outputTokens: 2_000,
        cacheReadTokens: 100_000,
        cacheWriteTokens: 30_000,
        cacheWrite1hTokens: 10_000,
      }),
      price('anthropic', 'claude-opus-4-5'),
    );
    // 0.005 + 0.05 + 0.05 + 20,000 × 6.25 / 1e6 = 0.125 + 10,000 × 10 / 1e6 = 0.1
    expect(cost).toBeCloseTo(0.33, 12);
  });

  it('Anthropic: Haiku 5.5 costs five times as much above 100,000 tokens', () => {
    const haiku = price('anthropic', 'claude-haiku-5-5');
    expect(costUsd(usage({ inputTokens: 100_000, outputTokens: 1_000 }), haiku)).toBeCloseTo(0.0105, 12);
    expect(
      costUsd(usage({ inputTokens: 1, cacheReadTokens: 100_000, outputTokens: 1_000 }), haiku),
    ).toBeCloseTo(
      // 0.0000005 + 100,000 × 0.05 / 1e6 = 0.005 + 0.0025
      0.0075005,
      12,
    );
  });

  it('OpenAI: gpt-5.4 within and beyond 272,000 tokens', () => {
    const gpt = price('openai', 'gpt-5.4');
    // 2.5 in, 15 out, 0.25 read: 10,000 + 90,000 cached + 4,000 out.
    expect(
      costUsd(usage({ inputTokens: 10_000, cacheReadTokens: 90_000, outputTokens: 4_000 }), gpt),
    ).toBeCloseTo(0.025 + 0.0225 + 0.06, 12);
    // 5 in, 22.5 out, 0.5 read.
    expect(
      costUsd(usage({ inputTokens: 100_000, cacheReadTokens: 200_000, outputTokens: 4_000 }), gpt),
    ).toBeCloseTo(0.5 + 0.1 + 0.09, 12);
  });

  it('Gemini, DeepSeek, Mistral, Groq and OpenRouter', () => {
    const used = usage({ inputTokens: 100_000, outputTokens: 10_000, cacheReadTokens: 50_000 });
    // 0.3 in, 2.5 out, 0.03 read
    expect(costUsd(used, price('gemini', 'gemini-2.5-flash'))).toBeCloseTo(0.03 + 0.025 + 0.0015, 12);
    // 1.32 in, 3.96 out, 0.044 read
    expect(costUsd(used, price('deepseek', 'deepseek-v4-pro'))).toBeCloseTo(0.132 + 0.0396 + 0.0022, 12);
    // 0.4 in, 2 out, 0.04 read
    expect(costUsd(used, price('mistral', 'devstral-latest'))).toBeCloseTo(0.04 + 0.02 + 0.002, 12);
    // 0.15 in, 0.6 out, 0.075 read
    expect(costUsd(used, price('groq', 'openai/gpt-oss-120b'))).toBeCloseTo(0.015 + 0.006 + 0.00375, 12);
    // 2 in, 10 out, 0.1 read
    expect(costUsd(used, price('openrouter', 'anthropic/claude-sonnet-5.5'))).toBeCloseTo(
      0.2 + 0.1 + 0.005,
      12,
    );
  });
});

describe('the price list', () => {
  it('names the package that it comes from, with version, date and licence', () => {
    expect(modelDataSource.package).toMatch(/^(@[\w-]+\/)?[\w-]+$/);
    expect(modelDataSource.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(modelDataSource.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(modelDataSource.license).toBe('MIT');
  });

  it('has the same form in every line, and no price of zero but for models that are called free', () => {
    const line = /^\S+ [1-9]\d* [1-9]\d* i?r?t (-|[\d.]+( [\d.]+){4}( [1-9]\d*( [\d.]+){5})*)$/;
    for (const [provider, table] of Object.entries(modelData)) {
      expect(presets).toHaveProperty(provider);
      const lines = table.trim().split('\n');
      for (const one of lines) expect(one).toMatch(line);
      const ids = lines.map((one) => one.split(' ')[0]!);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) {
        const price = listedModel(provider, id)?.price;
        const amounts = price ? [price, ...(price.longContext ?? [])].map(({ input }) => input) : [];
        for (const amount of amounts) expect(amount > 0 || id.endsWith(':free'), id).toBe(true);
        const limits = (price?.longContext ?? []).map(({ above }) => above);
        expect(limits).toEqual([...limits].sort((a, b) => a - b));
      }
    }
  });

  it('has no price for what it does not name: another version, another provider, a name in between', () => {
    expect(listedModel('anthropic', 'claude-opus-5-9')).toBeUndefined();
    expect(listedModel('anthropic', 'claude-opus-5-')).toBeUndefined();
    expect(listedModel('anthropic', 'gpt-5.4')).toBeUndefined();
    expect(listedModel('openai', 'gpt-5')).toBeDefined();
    expect(listedModel('openai', 'gpt-5.9')).toBeUndefined();
    expect(listedModel('ollama', 'gpt-oss:20b')).toBeUndefined();
    for (const odd of ['', ' ', '\n', '__proto__', 'constructor']) {
      expect(listedModel('anthropic', odd)).toBeUndefined();
      expect(listedModel(odd, 'claude-opus-5')).toBeUndefined();
    }
  });

  it('a dated version costs what the model does, unless it has a line of its own', () => {
    expect(listedModel('anthropic', 'claude-sonnet-5-5-20261001')).toEqual(
      listedModel('anthropic', 'claude-sonnet-5-5'),
    );
    expect(listedModel('openai', 'gpt-5.4-2026-03-05')?.price?.input).toBe(2.5);
    expect(listedModel('openai', 'gpt-4o-2024-05-13')?.price?.input).toBe(5);
    expect(listedModel('openai', 'gpt-4o')?.price?.input).toBe(2.5);
  });
});
