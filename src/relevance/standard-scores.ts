/** What is less than this share of the mean came of rounding. */
const ROUNDING = 1e-12;

/** How many standard deviations each number lies above the mean of all; all 0 where they are alike. */
export function standardScores(values: readonly number[] | Float64Array): Float64Array {
  const count = values.length || 1;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / count;
  let squared = 0;
  for (const value of values) squared += (value - mean) ** 2;
  const deviation = Math.sqrt(squared / count);
  const scores = new Float64Array(values.length);
  if (deviation <= ROUNDING * Math.abs(mean)) return scores;
  for (let index = 0; index < scores.length; index++) scores[index] = (values[index]! - mean) / deviation;
  return scores;
}

/** The numbers moved and stretched so that the least is 0 and the most is `top`; all `top` where they are alike. */
export function stretched(values: readonly number[] | Float64Array, top: number): number[] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const range = most - least;
  return Array.from(values, (value) => (range > 0 ? ((value - least) / range) * top : top));
}
