/** How alike two vectors of one length point, -1 to 1; 0 when one of them is all zeros. */
export function cosine(one: Float32Array, other: Float32Array): number {
  let product = 0;
  let oneSquared = 0;
  let otherSquared = 0;
  for (let index = 0; index < one.length; index++) {
    const a = one[index]!;
    const b = other[index]!;
    product += a * b;
    oneSquared += a * a;
    otherSquared += b * b;
  }
  const lengths = Math.sqrt(oneSquared * otherSquared);
  return lengths === 0 ? 0 : product / lengths;
}
