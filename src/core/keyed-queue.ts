/** Runs work with the same key one after the other, in the order it was asked for; different keys do not wait. */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<void>>();

  /** Resolves when it is this caller's turn; call the answer when done. */
  async acquire(key: string): Promise<() => void> {
    const before = this.#tails.get(key);
    let release = () => {};
    const mine = new Promise<void>((done) => {
      release = done;
    });
    const tail = (before ?? Promise.resolve()).then(() => mine);
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    await before;
    return release;
  }
}
