import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './storage-failure.js';

/** How long one operation may wait for other processes, in milliseconds. */
const BUDGET_MS = 60_000;
const LONGEST_PAUSE_MS = 60;
/** After so long somebody who waits wants to know why. */
const TELL_AFTER_MS = 2_000;

export interface Patience {
  readonly budgetMs?: number;
  /** Called once, when the operation has waited for two seconds. */
  readonly onWait?: (() => void) | undefined;
}

/**
 * Runs a synchronous database operation again while another process holds the lock. SQLite itself waits only a few
 * milliseconds an attempt, because it does so with this thread blocked; the longer wait happens here, on a timer, so
 * that the screen lives. The pause is random, or processes that collided once would collide again.
 */
export async function retryWhileBusy<T>(operation: () => T, patience: Patience = {}): Promise<T> {
  const { budgetMs = BUDGET_MS, onWait } = patience;
  const start = performance.now();
  let told = false;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return operation();
    } catch (error) {
      const waited = performance.now() - start;
      if (!isBusy(error) || waited >= budgetMs) throw error;
      if (!told && waited >= TELL_AFTER_MS) {
        told = true;
        onWait?.();
      }
    }
    await sleep(1 + Math.random() * Math.min(LONGEST_PAUSE_MS, 4 * 2 ** attempt));
  }
}
