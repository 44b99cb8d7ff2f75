import { longestWaitMs } from '../core/spool.js';

const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;

/**
 * Milliseconds an exporter is left alone after it failed `failures` times in a row: 1 s, doubled each time up to five
 * minutes, a fifth more or less, so that processes do not come back all at once. What the receiver asks for counts when
 * it is longer, up to an hour.
 */
export function restMs(failures: number, retryAfterMs = 0): number {
  const doubled = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
  const own = doubled * (0.8 + Math.random() * 0.4);
  return Math.min(longestWaitMs, Math.max(own, retryAfterMs));
}
