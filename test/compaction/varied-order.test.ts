import { describe, expect, it } from 'vitest';
import { variedOrder } from '../../src/compaction/varied-order.js';

const alike = (count: number) => Array.from({ length: count }, () => new Float32Array([1, 0]));
const other = new Float32Array([0, 1]);

describe('the varied order of messages', () => {
  it('is that of the scores where no two are alike', () => {
    const vectors = [0, 1, 2].map((at) =>
      Float32Array.from({ length: 3 }, (_, place) => (place === at ? 1 : 0)),
    );
    expect(variedOrder(new Float64Array([1, 3, 2]), vectors)).toEqual([1, 2, 0]);
  });

  it('takes one of equal messages, and the others behind everything else, however high they score', () => {
    const order = variedOrder(new Float64Array([5, 5, 5, 5, 0.1]), [...alike(4), other]);
    expect(order).toHaveLength(5);
    expect(order.indexOf(4)).toBe(1);
  });

  it('leaves a message of the same topic most of its score', () => {
    const near = new Float32Array([0.6, 0.8]);
    expect(variedOrder(new Float64Array([3, 2, 1]), [alike(1)[0]!, near, new Float32Array([-1, 0])])).toEqual(
      [0, 1, 2],
    );
  });

  it('compares neighbours of 64 with each other and no others: an equal message far away counts anew', () => {
    const scores = Float64Array.from({ length: 65 }, (_, index) => (index === 0 || index === 64 ? 5 : 1));
    const vectors = Array.from({ length: 65 }, (_, index) =>
      index === 0 || index === 64 ? alike(1)[0]! : other,
    );
    expect(variedOrder(scores, vectors).slice(0, 2).sort()).toEqual([0, 64]);
    expect(variedOrder(scores.slice(0, 64), vectors.slice(0, 64))[0]).toBe(0);
  });

  it('has each position once, for none, one and many', () => {
    for (const count of [0, 1, 64, 130]) {
      const order = variedOrder(new Float64Array(count).fill(1), alike(count));
      expect([...order].sort((a, b) => a - b)).toEqual([...Array(count).keys()]);
    }
  });
});
