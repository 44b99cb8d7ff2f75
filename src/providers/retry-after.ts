/** Longer waits are nonsense or no wait at all; callers decide how long they really wait. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

/**
 * How long the server asks to wait, in milliseconds: `retry-after-ms`, else `retry-after` in seconds or as an
 * HTTP date. `undefined` when it says nothing, nothing readable, or a time that is over.
 */
export function retryAfterMs(headers: { get?(name: string): string | null } | undefined): number | undefined {
  const milliseconds = headers?.get?.('retry-after-ms');
  if (milliseconds) {
    const wait = bounded(Number(milliseconds));
    if (wait !== undefined) return wait;
  }
  const value = headers?.get?.('retry-after');
  if (!value) return undefined;
  const seconds = Number(value);
  return bounded(Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000);
}

function bounded(wait: number): number | undefined {
  return Number.isNaN(wait) || wait < 0 ? undefined : Math.min(Math.round(wait), LONGEST_MS);
}
