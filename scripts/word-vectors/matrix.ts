/** Numbers in rows of one length, one behind the other. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, values: new Float64Array(rows * columns) };
}

/** The mean of the rows. */
export function meanRow({ rows, columns, values }: Matrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) mean[column]! += values[row * columns + column]! / rows;
  }
  return mean;
}

/** Takes the vector from each row. */
export function subtract(matrix: Matrix, vector: Float64Array): void {
  const { rows, columns, values } = matrix;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) values[row * columns + column]! -= vector[column]!;
  }
}

/** Each row times the matrix of the columns (columns × places). */
export function project({ rows, columns, values }: Matrix, onto: Matrix): Matrix {
  const result = zeros(rows, onto.columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column]!;
      for (let place = 0; place < onto.columns; place++) {
        result.values[row * onto.columns + place]! += value * onto.values[column * onto.columns + place]!;
      }
    }
  }
  return result;
}

/** Makes each row of length 1; rows of zeros stay. */
export function normaliseRows({ rows, columns, values }: Matrix): void {
  for (let row = 0; row < rows; row++) {
    let squared = 0;
    for (let column = 0; column < columns; column++) squared += values[row * columns + column]! ** 2;
    const length = Math.sqrt(squared);
    if (length === 0) continue;
    for (let column = 0; column < columns; column++) values[row * columns + column]! /= length;
  }
}

/**
 * The directions in which the rows differ most (columns × count), the strongest first, by orthogonal iteration on the
 * matrix of second moments. Deterministic: it begins with a fixed pattern.
 */
export function principalDirections(matrix: Matrix, count: number, iterations = 60): Matrix {
  const moments = secondMoments(matrix);
  const size = matrix.columns;
  let directions = zeros(size, count);
  for (let index = 0; index < directions.values.length; index++) {
    directions.values[index] = Math.sin(index * 12.9898 + 1) + (index % size === index % count ? 1 : 0);
  }
  for (let iteration = 0; iteration < iterations; iteration++) {
    orthonormalise(directions);
    directions = project(moments, directions);
  }
  orthonormalise(directions);
  return directions;
}

function secondMoments({ rows, columns, values }: Matrix): Matrix {
  const moments = zeros(columns, columns);
  for (let row = 0; row < rows; row++) {
    for (let one = 0; one < columns; one++) {
      const value = values[row * columns + one]! / rows;
      for (let other = 0; other < columns; other++) {
        moments.values[one * columns + other]! += value * values[row * columns + other]!;
      }
    }
  }
  return moments;
}

/** Gram–Schmidt over the columns, from the left. */
function orthonormalise({ rows, columns, values }: Matrix): void {
  for (let column = 0; column < columns; column++) {
    for (let earlier = 0; earlier < column; earlier++) {
      let product = 0;
      for (let row = 0; row < rows; row++)
        product += values[row * columns + column]! * values[row * columns + earlier]!;
      for (let row = 0; row < rows; row++)
        values[row * columns + column]! -= product * values[row * columns + earlier]!;
    }
    let squared = 0;
    for (let row = 0; row < rows; row++) squared += values[row * columns + column]! ** 2;
    const length = Math.sqrt(squared) || 1;
    for (let row = 0; row < rows; row++) values[row * columns + column]! /= length;
  }
}
