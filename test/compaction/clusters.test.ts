import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { representatives } from '../../src/compaction/clusters.js';

const angle = (degrees: number) =>
  new Float32Array([Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]);

describe('representatives', () => {
  it('are one a cluster, each the nearest to its centre', () => {
    const vectors = [0, 2, 4, 90, 91, 92, 93, 94, 200, 205, 210].map(angle);
    expect(representatives(vectors, 3)).toEqual([1, 5, 9]);
  });

  it('stand for clusters that have come to rest: every vector belongs to the nearest centre', () => {
    // Neither half is where the seeds put it; only moving the centres again and again finds the gap from 50 to 84.
    const vectors = [1, 15, 27, 43, 48, 50, 84, 84, 84, 91, 92, 157].map(angle);
    expect(representatives(vectors, 2)).toEqual([2, 10]);
  });

  it('miss no small cluster beside a large one that is spread out', () => {
    const large = Array.from({ length: 300 }, (_, n) => angle((n * 7) % 20));
    expect(representatives([...large, angle(200)], 4)).toContain(300);
  });

  it('are fewer than asked for where the vectors repeat', () => {
    const vectors = [0, 0, 0, 90, 90].map(angle);
    expect(representatives(vectors, 4)).toHaveLength(2);
    expect(representatives([new Float32Array(2), new Float32Array(2)], 1)).toEqual([0]);
  });

  it('are distinct positions in order, at most as many as asked for, and always the same ones', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 359 }), { maxLength: 60 }),
        fc.nat(12),
        (degrees, count) => {
          const vectors = degrees.map(angle);
          const chosen = representatives(vectors, count);
          expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
          expect(chosen.length).toBeLessThanOrEqual(count);
          expect(chosen.length).toBeGreaterThanOrEqual(Math.min(count, new Set(degrees).size, 1));
          expect(chosen.every((at) => at < vectors.length)).toBe(true);
          expect(representatives(vectors, count)).toEqual(chosen);
        },
      ),
    );
  });
});
