import { product } from '../embedding/unit-vector.js';

/** So many neighbours are compared with each other: what is far apart in a conversation is rarely the same again. */
const NEIGHBOURS = 64;
/** How steeply likeness to what comes before takes from a score: messages on one topic keep most of it, an equal one nothing. */
const STEEPNESS = 8;

/**
 * The positions by score, each lowered by how like it is to those before it: maximal marginal relevance (Carbonell and
 * Goldstein 1998), among neighbours of 64, so that the time grows with the number of vectors and not with its square.
 */
export function variedOrder(scores: Float64Array, vectors: readonly Float32Array[]): number[] {
  const lowered = Float64Array.from(scores);
  for (let start = 0; start < scores.length; start += NEIGHBOURS)
    lowerAlike(start, Math.min(scores.length, start + NEIGHBOURS), scores, vectors, lowered);
  return [...scores.keys()].sort((a, b) => lowered[b]! - lowered[a]! || b - a);
}

/** Lowers the scores of neighbours, the best first, each by how like it is to those before it. */
function lowerAlike(
  start: number,
  end: number,
  scores: Float64Array,
  vectors: readonly Float32Array[],
  lowered: Float64Array,
): void {
  const left = Array.from({ length: end - start }, (_, place) => start + place);
  const likeness = new Float64Array(end - start);
  while (left.length > 0) {
    let best = 0;
    for (let place = 1; place < left.length; place++)
      if (lowered[left[place]!]! > lowered[left[best]!]!) best = place;
    const taken = vectors[left[best]!]!;
    left.splice(best, 1);
    for (let place = 0; place < left.length; place++) {
      const index = left[place]!;
      const like = product(vectors[index]!, taken);
      if (like <= likeness[index - start]!) continue;
      likeness[index - start] = like;
      lowered[index] = scores[index]! * (1 - like ** STEEPNESS);
    }
  }
}
