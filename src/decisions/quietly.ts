/** What the look found; `undefined` when it failed, because what is only told of must not break what it tells of. */
export function quietly<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
