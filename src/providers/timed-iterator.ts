/**
 * The items of an iterator one by one, each within a time limit of its own, with one timer for all of them: a stream
 * has many small pieces, and a timer and a race for each cost more than the pieces.
 */
export class TimedIterator<T> {
  readonly #iterator: AsyncIterator<T>;
  #timer: NodeJS.Timeout | undefined;
  #timeoutMs = 0;
  #late: (() => void) | undefined;

  constructor(iterator: AsyncIterator<T>) {
    this.#iterator = iterator;
  }

  /** The next item, or `undefined` when it takes longer than `timeoutMs`; the iterator is given up then. */
  next(timeoutMs: number): Promise<IteratorResult<T> | undefined> {
    this.#start(timeoutMs);
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

  #start(timeoutMs: number): void {
    if (this.#timer && timeoutMs === this.#timeoutMs) {
      this.#timer.refresh();
      return;
    }
    clearTimeout(this.#timer);
    this.#timeoutMs = timeoutMs;
    this.#timer = setTimeout(() => this.#late?.(), timeoutMs);
  }
}
