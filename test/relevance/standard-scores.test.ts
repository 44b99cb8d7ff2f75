import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { standardScores, stretched } from '../../src/relevance/standard-scores.js';

const values = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 20 });

describe('standard scores', () => {
  test('have the mean 0 and the deviation 1, and keep the order', () => {
    fc.assert(
      fc.property(values, (list) => {
        const scores = standardScores(list);
        const mean = scores.reduce((sum, one) => sum + one, 0) / scores.length;
        expect(mean).toBeCloseTo(0, 8);
        if (new Set(list).size === 1) {
          expect([...scores].every((one) => one === 0)).toBe(true);
          return;
        }
        expect(Math.hypot(...scores) / Math.sqrt(scores.length)).toBeCloseTo(1, 8);
        for (const [index, one] of list.entries()) {
          for (const [other, two] of list.entries())
            if (one < two) expect(scores[index]).toBeLessThan(scores[other]!);
        }
      }),
    );
  });

  test('are all 0 where all are alike, also where their sum is rounded', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
        fc.integer({ min: 1, max: 50 }),
        (one, count) => {
          expect(standardScores(Array.from({ length: count }, () => one))).toEqual(new Float64Array(count));
        },
      ),
    );
  });

  test('of nothing are nothing', () => {
    expect([...standardScores([])]).toEqual([]);
  });
});

describe('stretching', () => {
  test.each([
    [[2, 4, 3], 1, [0, 1, 0.5]],
    [[-1, 1], 0.6, [0, 0.6]],
    [[7, 7], 0.5, [0.5, 0.5]],
    [[7, 7], 0, [0, 0]],
    [[], 1, []],
  ])('%j to %d is %j', (list, top, expected) => {
    expect(stretched(list, top)).toEqual(expected);
  });
});
