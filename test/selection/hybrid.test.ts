import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ToolDescriptor, ToolScore, ToolSelectionStrategy } from '../../src/core/extension.js';
import { createHybridStrategy } from '../../src/selection/hybrid.js';
import {
  builtInSelectionStrategies,
  builtInSelectionStrategy,
  selectionEntry,
} from '../../src/selection/index.js';
import { createKeywordStrategy } from '../../src/selection/keyword.js';
import { createSemanticStrategy } from '../../src/selection/semantic.js';

const word = fc.constantFrom(
  ...'read reading reader write deploy deployed invoice invoices weather translate file files session city test'.split(
    ' ',
  ),
);
const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
const tools = fc
  .array(fc.record({ description: text, keywords: fc.array(word, { maxLength: 2 }) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((list): ToolDescriptor[] => list.map((one, index) => ({ ...one, name: `t${index}`, parameters: [] })));

/** Each knows the first two tools by it, in another order. */
const asked = 'invoices and an overview';

/** Names from the best to the least; what differs by a rounding error is equal. */
const rounded = (scores: readonly ToolScore[]) =>
  scores
    .map(({ name, score }) => ({ name, score: Math.round(score * 1e9) }))
    .toSorted((a, b) => b.score - a.score)
    .map(({ name }) => name);

const best = (scores: readonly ToolScore[]) => Math.max(...scores.map(({ score }) => score));

/** Standard deviations from the mean. */
function standard(values: readonly number[]): number[] {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const deviation = Math.hypot(...values.map((one) => one - mean)) / Math.sqrt(values.length);
  return values.map((one) => (one - mean) / deviation);
}

const sample: readonly ToolDescriptor[] = [
  { name: 'invoice', description: 'Sums of a month.', keywords: [], parameters: [] },
  { name: 'summary', description: 'An overview.', keywords: [], parameters: [] },
  { name: 'weather', description: 'Rain or sun.', keywords: [], parameters: [] },
];

async function scoresOf(strategy: ToolSelectionStrategy, request: string): Promise<number[]> {
  return (await strategy.score(request, sample)).map(({ score }) => score);
}

describe('the hybrid strategy', () => {
  test.each([
    [1, 'semantic', createSemanticStrategy()],
    [0, 'keyword', createKeywordStrategy()],
  ] as const)('alpha %d scores and ranks as %s, whatever is asked', async (alpha, _, other) => {
    const hybrid = createHybridStrategy({ alpha });
    await fc.assert(
      fc.asyncProperty(text, tools, async (request, list) => {
        const [own, alone] = [await hybrid.score(request, list), await other.score(request, list)];
        own.forEach(({ score }, index) => {
          expect(score).toBeCloseTo(alone[index]!.score, 10);
        });
        expect(rounded(own)).toEqual(rounded(alone));
      }),
    );
  });

  test('any alpha gives one score a tool from 0 to 1, the best of them that of the better half', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 1, noNaN: true }),
        text,
        tools,
        async (alpha, request, list) => {
          const scores = await createHybridStrategy({ alpha }).score(request, list);
          expect(scores.map(({ name }) => name)).toEqual(list.map(({ name }) => name));
          for (const { score } of scores) expect(score >= 0 && score <= 1).toBe(true);
          const halves = [
            ...(alpha > 0 ? await createSemanticStrategy().score(request, list) : []),
            ...(alpha < 1 ? await createKeywordStrategy().score(request, list) : []),
          ];
          expect(best(scores)).toBeCloseTo(best(halves), 10);
        },
      ),
    );
  });

  test('scores are alpha × semantic + (1 − alpha) × keyword in standard deviations, from 0 for the least to 1', async () => {
    const semantic = await scoresOf(createSemanticStrategy(), asked);
    const keyword = await scoresOf(createKeywordStrategy(), asked);
    expect(semantic).not.toEqual(keyword);
    const shared = standard(keyword);
    const mixed = standard(semantic).map((score, index) => 0.4 * score + 0.6 * shared[index]!);
    const least = Math.min(...mixed);
    const hybrid = await scoresOf(createHybridStrategy({ alpha: 0.4 }), asked);
    hybrid.forEach((score, index) => {
      expect(score).toBeCloseTo((mixed[index]! - least) / (Math.max(...mixed) - least), 10);
    });
  });

  test('alpha is 0.7 unless something else is said', async () => {
    expect(await scoresOf(createHybridStrategy(), asked)).toEqual(
      await scoresOf(createHybridStrategy({ alpha: 0.7 }), asked),
    );
    expect(await scoresOf(createHybridStrategy(), asked)).not.toEqual(
      await scoresOf(createHybridStrategy({ alpha: 0.5 }), asked),
    );
  });

  test('a reason says what each part saw, and nothing for a part that saw nothing', async () => {
    const [invoice, summary, weather] = await createHybridStrategy().score(asked, sample);
    expect(invoice?.reason).toMatch(/^close to "invoices".*; matches "invoices"/);
    expect(summary?.reason).toBe('close to "overview"; matches "overview"');
    expect(weather).toMatchObject({ score: 0, reason: 'others have more in common with the request' });
  });

  test('what only one part sees has the reason of that part alone', async () => {
    const [, song] = await createHybridStrategy().score('plays a melody', [
      { name: 'plays', description: 'Theatre tonight.', keywords: [], parameters: [] },
      { name: 'music', description: 'Songs and tunes.', keywords: [], parameters: [] },
      { name: 'weather', description: 'Rain or sun.', keywords: [], parameters: [] },
    ]);
    expect(song?.reason).toMatch(/^close to "melody"/);
    expect(song?.reason).not.toContain('matches');
  });
});

describe('built-in selection strategies', () => {
  test('each is known by its name', () => {
    for (const [name, create] of Object.entries(builtInSelectionStrategies)) {
      expect(create({}).name).toBe(name);
    }
    expect(Object.keys(builtInSelectionStrategies)).toEqual(['keyword', 'semantic', 'hybrid']);
  });

  test.each([
    ['keyword', { alpha: 0.5 }],
    ['semantic', { alpha: 0.5 }],
    ['hybrid', { alpha: 1.5 }],
    ['hybrid', { beta: 0.5 }],
  ])('%s refuses the options %o', (name, options) => {
    expect(() => builtInSelectionStrategies[name]!(options)).toThrow();
  });

  test('the alpha of the settings is that of hybrid, and no business of the others', async () => {
    expect(selectionEntry({ strategy: 'hybrid', alpha: 0.2 })).toEqual(['hybrid', { alpha: 0.2 }]);
    expect(selectionEntry({ strategy: 'keyword', alpha: 0.2 })).toBe('keyword');
    const chosen = builtInSelectionStrategy({ strategy: 'hybrid', alpha: 0.2 })!;
    expect(await scoresOf(chosen, asked)).toEqual(
      await scoresOf(createHybridStrategy({ alpha: 0.2 }), asked),
    );
    expect(builtInSelectionStrategy({ strategy: ['keyword', {}], alpha: 0.2 })?.name).toBe('keyword');
    expect(builtInSelectionStrategy({ strategy: './mine.js', alpha: 0.2 })).toBeUndefined();
    expect(builtInSelectionStrategy({ strategy: 'toString', alpha: 0.2 })).toBeUndefined();
  });
});
