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

/** Keyword knows the first tool by it, semantic the second one too. */
const asked = 'invoices and a summarisation';

const rank = (scores: readonly ToolScore[]) =>
  scores.toSorted((a, b) => b.score - a.score).map(({ name, score }) => ({ name, score }));

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
  ] as const)('alpha %d scores and ranks exactly as %s, whatever is asked', async (alpha, _, other) => {
    const hybrid = createHybridStrategy({ alpha });
    await fc.assert(
      fc.asyncProperty(text, tools, async (request, list) => {
        expect(rank(await hybrid.score(request, list))).toEqual(rank(await other.score(request, list)));
      }),
    );
  });

  test('any alpha gives one score a tool from 0 to 1, the best of them 1 unless nothing fits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 1, noNaN: true }),
        text,
        tools,
        async (alpha, request, list) => {
          const scores = await createHybridStrategy({ alpha }).score(request, list);
          expect(scores.map(({ name }) => name)).toEqual(list.map(({ name }) => name));
          for (const { score } of scores) expect(score >= 0 && score <= 1).toBe(true);
          expect([0, 1]).toContain(Math.max(...scores.map(({ score }) => score)));
        },
      ),
    );
  });

  test('scores are alpha × semantic + (1 − alpha) × keyword, with the best at 1', async () => {
    const semantic = await scoresOf(createSemanticStrategy(), asked);
    const keyword = await scoresOf(createKeywordStrategy(), asked);
    expect(semantic).not.toEqual(keyword);
    const mixed = semantic.map((score, index) => 0.4 * score + 0.6 * keyword[index]!);
    const hybrid = await scoresOf(createHybridStrategy({ alpha: 0.4 }), asked);
    hybrid.forEach((score, index) => {
      expect(score).toBeCloseTo(mixed[index]! / Math.max(...mixed), 10);
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
    expect(summary?.reason).toBe('close to "summarisation"');
    expect(weather?.reason).toBe('nothing in common with the request');
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
