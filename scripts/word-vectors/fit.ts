import { type Matrix, zeros } from './matrix.js';

/** The words of one text by their rows, each with what it counts. */
export interface Bag {
  readonly rows: readonly number[];
  readonly weights: readonly number[];
}

/**
 * Vectors of words whose weighted sums over a text come as near as can be to the vector of the text (least squares), and
 * which stay near where they began where no text says anything: the smallest |A W − Y|² + pull × |W − W₀|², by the method
 * of conjugate gradients on each column (Hestenes and Stiefel 1952).
 */
export function fitWords(
  bags: readonly Bag[],
  targets: Matrix,
  start: Matrix,
  { pull, iterations }: { readonly pull: number; readonly iterations: number },
): Matrix {
  const { columns } = start;
  const sums = zeros(bags.length, columns);
  const residual = zeros(bags.length, columns);
  apply(bags, start, sums);
  for (let index = 0; index < residual.values.length; index++) {
    residual.values[index] = targets.values[index]! - sums.values[index]!;
  }
  const change = zeros(start.rows, columns);
  const remaining = zeros(start.rows, columns);
  applyTransposed(bags, residual, remaining);
  const direction = { ...remaining, values: remaining.values.slice() };
  const image = zeros(start.rows, columns);
  let lengths = columnProducts(remaining, remaining);
  for (let iteration = 0; iteration < iterations; iteration++) {
    apply(bags, direction, sums);
    applyTransposed(bags, sums, image);
    addScaled(image, direction, new Float64Array(columns).fill(pull));
    const curvature = columnProducts(direction, image);
    const step = lengths.map((length, column) => length / (curvature[column]! + Number.EPSILON));
    addScaled(change, direction, step);
    addScaled(
      remaining,
      image,
      step.map((one) => -one),
    );
    const next = columnProducts(remaining, remaining);
    for (let index = 0; index < direction.values.length; index++) {
      const column = index % columns;
      const ratio = next[column]! / (lengths[column]! + Number.EPSILON);
      direction.values[index] = remaining.values[index]! + ratio * direction.values[index]!;
    }
    lengths = next;
  }
  addScaled(change, start, new Float64Array(columns).fill(1));
  return change;
}

function apply(bags: readonly Bag[], words: Matrix, result: Matrix): void {
  const { columns } = words;
  result.values.fill(0);
  for (const [at, { rows, weights }] of bags.entries()) {
    for (const [place, row] of rows.entries()) {
      const weight = weights[place]!;
      for (let column = 0; column < columns; column++) {
        result.values[at * columns + column]! += weight * words.values[row * columns + column]!;
      }
    }
  }
}

function applyTransposed(bags: readonly Bag[], texts: Matrix, result: Matrix): void {
  const { columns } = texts;
  result.values.fill(0);
  for (const [at, { rows, weights }] of bags.entries()) {
    for (const [place, row] of rows.entries()) {
      const weight = weights[place]!;
      for (let column = 0; column < columns; column++) {
        result.values[row * columns + column]! += weight * texts.values[at * columns + column]!;
      }
    }
  }
}

function columnProducts(one: Matrix, other: Matrix): Float64Array {
  const products = new Float64Array(one.columns);
  for (let index = 0; index < one.values.length; index++) {
    products[index % one.columns]! += one.values[index]! * other.values[index]!;
  }
  return products;
}

function addScaled(to: Matrix, from: Matrix, scales: Float64Array): void {
  for (let index = 0; index < to.values.length; index++) {
    to.values[index]! += scales[index % to.columns]! * from.values[index]!;
  }
}
