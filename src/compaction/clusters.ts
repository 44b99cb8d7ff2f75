/** A vector of length 1, or of zeros. */
type Vector = Float32Array;

const MAX_ROUNDS = 20;
/** Candidates drawn for each seed. */
const DRAWS = 4;

/**
 * The positions of `count` vectors that stand for all, in order: the vectors are clustered by k-means on the unit sphere
 * (Dhillon and Modha 2001) from k-means++ seeds (Arthur and Vassilvitskii 2007), and each cluster is represented by the
 * vector nearest its centre. The random numbers always begin alike, so that equal vectors give equal answers.
 */
export function representatives(vectors: readonly Vector[], count: number): readonly number[] {
  if (count <= 0) return [];
  if (vectors.length <= count) return [...vectors.keys()];
  let centres = seeds(vectors, count);
  let assigned: readonly number[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = vectors.map((vector) => nearest(vector, centres));
    if (next.every((cluster, index) => cluster === assigned[index])) break;
    assigned = next;
    centres = centres.map(
      (centre, cluster) => mean(vectors.filter((_, index) => next[index] === cluster)) ?? centre,
    );
  }
  const chosen = new Set<number>();
  for (const [cluster, centre] of centres.entries()) {
    let best = -1;
    for (const [index, vector] of vectors.entries()) {
      if (assigned[index] !== cluster) continue;
      if (best < 0 || product(vector, centre) > product(vectors[best]!, centre)) best = index;
    }
    if (best >= 0) chosen.add(best);
  }
  return [...chosen].sort((a, b) => a - b);
}

/**
 * The first at random; then, of a few drawn with a chance that grows with their distance from those chosen, the one that
 * brings all others nearest (greedy k-means++), so that a small topic far from a large one is rarely missed.
 */
function seeds(vectors: readonly Vector[], count: number): Vector[] {
  const random = randomNumbers();
  const chosen = [vectors[Math.floor(random() * vectors.length)]!];
  let distances = vectors.map((vector) => distance(vector, chosen[0]!));
  while (chosen.length < count) {
    const total = sum(distances);
    // All that is left repeats what was chosen.
    if (total < 1e-9) break;
    const picks = Array.from({ length: DRAWS }, () => draw(distances, random() * total));
    const outcomes = picks.map((pick) => ({
      seed: vectors[pick]!,
      distances: vectors.map((vector, index) =>
        Math.min(distances[index]!, distance(vector, vectors[pick]!)),
      ),
    }));
    const best = outcomes.reduce((one, other) => (sum(other.distances) < sum(one.distances) ? other : one));
    chosen.push(best.seed);
    distances = best.distances;
  }
  return chosen;
}

function draw(weights: readonly number[], at: number): number {
  let pick = 0;
  for (let left = at; pick < weights.length - 1 && left >= weights[pick]!; pick++) left -= weights[pick]!;
  return pick;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function nearest(vector: Vector, centres: readonly Vector[]): number {
  let best = 0;
  let bestProduct = Number.NEGATIVE_INFINITY;
  for (const [index, centre] of centres.entries()) {
    const one = product(vector, centre);
    if (one > bestProduct) [best, bestProduct] = [index, one];
  }
  return best;
}

function mean(vectors: readonly Vector[]): Vector | undefined {
  const first = vectors[0];
  if (!first) return undefined;
  const total = new Float32Array(first.length);
  for (const vector of vectors)
    for (let index = 0; index < total.length; index++) total[index]! += vector[index]!;
  const length = Math.sqrt(product(total, total));
  return length === 0 ? total : total.map((value) => value / length);
}

/** The square of the Euclidean distance, for vectors of length 1 or of zeros. */
function distance(one: Vector, other: Vector): number {
  return Math.max(0, product(one, one) + product(other, other) - 2 * product(one, other));
}

function product(one: Vector, other: Vector): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += one[index]! * other[index]!;
  return sum;
}

/** Mulberry32: numbers from 0 to below 1, the same ones each time. */
function randomNumbers(): () => number {
  let state = 0x6d2b79f5;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
