import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './storage-failure.js';

/** How long one operation may wait for other processes, in milliseconds. */
const BUDGET_MS = 30_000;
const LONGEST_PAUSE_MS = 60;

/**
 * Runs a synchronous database operation again while another process holds the lock. SQLite itself waits only a few
 * milliseconds an attempt, because it does so with this thread blocked; the longer wait happens here, on a timer, so
 * that the screen lives. The pause is random, or processes that collided once would collide again.
 */
export async function retryWhileBusy<T>(operation: () => T, budgetMs = BUDGET_MS): Promise<T> {
  const deadline = performance.now() + budgetMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return operation();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
    }
    await sleep(1 + Math.random() * Math.min(LONGEST_PAUSE_MS, 4 * 2 ** attempt));
  }
}
