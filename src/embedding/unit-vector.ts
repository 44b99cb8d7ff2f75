/** What an embedder reads of one text, in characters. */
export const READ_CHARACTERS = 8_000;

/** The vector of length 1 in the direction of one; itself where it is all zeros. */
export function normalised(vector: Float32Array): Float32Array {
  return vector.some((value) => value !== 0) ? normalise(vector.slice()) : vector;
}

/** Gives a vector length 1 where it lies, unless it is all zeros. */
export function normalise(vector: Float32Array): Float32Array {
  let squared = 0;
  for (let index = 0; index < vector.length; index++) squared += vector[index]! * vector[index]!;
  if (squared === 0) return vector;
  const length = Math.sqrt(squared);
  for (let index = 0; index < vector.length; index++) vector[index]! /= length;
  return vector;
}

/** The cosine of two vectors of length 1; 0 when one of them is all zeros. */
export function product(one: Float32Array, other: Float32Array): number {
  // Four sums, none of which has to wait for the addition before it.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const even = one.length & ~3;
  for (let index = 0; index < even; index += 4) {
    a += one[index]! * other[index]!;
    b += one[index + 1]! * other[index + 1]!;
    c += one[index + 2]! * other[index + 2]!;
    d += one[index + 3]! * other[index + 3]!;
  }
  for (let index = even; index < one.length; index++) a += one[index]! * other[index]!;
  return a + b + (c + d);
}
