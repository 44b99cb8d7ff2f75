const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Work that a server may ask for at any rate: one at a time, and however often it was asked for meanwhile, one more after it.
 * The first is done at once; each that is asked for before the wait after the last one is over doubles that wait.
 */
export class Refresher {
  readonly #work: () => Promise<void>;
  #isRunning = false;
  #isWanted = false;
  #waitMs = FIRST_WAIT_MS;
  #endedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** `work` does not reject. */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  request(): void {
    this.#isWanted = true;
    if (this.#isRunning || this.#timer) return;
    const leftMs = this.#endedAt + this.#waitMs - performance.now();
    if (leftMs <= 0) {
      this.#waitMs = FIRST_WAIT_MS;
      void this.#run();
      return;
    }
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, leftMs);
    this.#timer.unref();
  }

  /** Nothing is done any more that was not begun. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isWanted = false;
  }

  async #run(): Promise<void> {
    this.#isWanted = false;
    this.#isRunning = true;
    await this.#work();
    this.#isRunning = false;
    this.#endedAt = performance.now();
    if (this.#isWanted) this.request();
  }
}
