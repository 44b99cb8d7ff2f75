/** Neighbouring days as one, so that there are at most `most`; each list but the last is equally long. */
export function bucketDays(days: readonly string[], most: number): readonly (readonly string[])[] {
  const size = Math.max(1, Math.ceil(days.length / Math.max(1, most)));
  return Array.from({ length: Math.ceil(days.length / size) }, (_, index) =>
    days.slice(index * size, (index + 1) * size),
  );
}
