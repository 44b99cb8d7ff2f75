import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * When a server's stream is asked for again: a server can end it at once and say that it is to be asked for at once. Each time that
 * comes before the wait is over waits for the rest of it, and doubles it.
 */
export class StreamPace {
  #waitMs = FIRST_WAIT_MS;
  #next = Number.NEGATIVE_INFINITY;

  /** Rejects when the signal is aborted. */
  async wait(signal?: AbortSignal | null): Promise<void> {
    const leftMs = this.#next - performance.now();
    this.#waitMs = leftMs > 0 ? Math.min(this.#waitMs * 2, LONGEST_WAIT_MS) : FIRST_WAIT_MS;
    this.#next = Math.max(this.#next, performance.now()) + this.#waitMs;
    if (leftMs > 0) await sleep(leftMs, undefined, { ref: false, ...(signal ? { signal } : {}) });
  }
}
