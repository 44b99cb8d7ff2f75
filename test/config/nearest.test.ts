import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/config/nearest.js';

describe('nearest', () => {
  it.each([
    ['maxTurn', 'maxTurns'],
    ['MAXTURNS', 'maxTurns'],
    ['max-turns', 'maxTurns'],
    ['mxaTurns', 'maxTurns'],
    ['modle', 'model'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, ['provider', 'maxTokens', 'maxTurns', 'model'])).toBe(meant);
  });

  it('answers nothing rather than a wild guess', () => {
    expect(nearest('zebra', ['provider', 'model', 'tools'])).toBeUndefined();
    expect(nearest('x', ['y'])).toBeUndefined();
    expect(nearest('anything', [])).toBeUndefined();
  });

  it('measures a distance: zero only for equals, the same both ways, at most the longer length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });

  it('counts a swap of neighbours as one', () => {
    expect(editDistance('modle', 'model')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });
});
