import { timeLimit } from '../core/time-limit.js';

/**
 * Work that gets a signal which is aborted once `ms` are over, or `closing` is. Rejects in words when the time was over,
 * whatever `work` makes of being ended; it has ended by then, so that nothing of it is left running.
 */
export async function within<T>(
  ms: number,
  closing: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = timeLimit(closing, ms);
  try {
    return await work(limit.signal);
  } catch (error) {
    if (!limit.passed) throw error;
    throw new Error(`it did not answer within ${ms / 1000} s`, { cause: error });
  } finally {
    limit.stop();
  }
}
