/**
 * The items of an iterator one by one, with one timer for all of them: a stream has many small pieces, and a timer for
 * each costs more than the pieces. The time is the reader's, who knows which pieces are worth anything.
 */
export class TimedIterator<T> {
  readonly #iterator: AsyncIterator<T>;
  #timer: NodeJS.Timeout | undefined;
  #timeoutMs = 0;
  #since = 0;
  #isLate = false;
  #late: (() => void) | undefined;

  constructor(iterator: AsyncIterator<T>) {
    this.#iterator = iterator;
  }

  /** From now on the reader waits this many milliseconds, until it allows more. */
  allow(timeoutMs: number): void {
    this.#since = performance.now();
    // The timer that runs already looks at the time when it is due, which is cheaper than moving it.
    if (this.#timer && timeoutMs === this.#timeoutMs) return;
    clearTimeout(this.#timer);
    this.#timeoutMs = timeoutMs;
    this.#timer = setTimeout(() => this.#due(), timeoutMs);
  }

  /** The next item, or `undefined` when time is up; the iterator is given up then. */
  next(): Promise<IteratorResult<T> | undefined> {
    if (this.#isLate) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#late = () => resolve(undefined);
      // When time is up nobody awaits it any more, and a late failure does not end the process.
      this.#iterator.next().then(resolve, reject);
    });
  }

  /** Ends the waiting; nothing is left behind that keeps the process alive. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#late = undefined;
  }

  #due(): void {
    const leftMs = this.#since + this.#timeoutMs - performance.now();
    if (leftMs > 1) {
      this.#timer = setTimeout(() => this.#due(), leftMs);
      return;
    }
    this.#isLate = true;
    this.#late?.();
  }
}
