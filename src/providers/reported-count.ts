/** A number of tokens as a server reports it, also as text; `undefined` for anything that cannot be one. */
export function reportedCount(value: unknown): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const count = Number(value);
  return Number.isFinite(count) && count >= 0 ? count : undefined;
}
