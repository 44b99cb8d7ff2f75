/** Why a session begins, or begins anew for the model. */
export type StartSource = 'startup' | 'resume' | 'clear' | 'compact';

/** Which sessions hooks are still to be told of, and which they know. */
export class SessionStarts {
  readonly #waiting = new Map<string, StartSource>();
  readonly #known = new Set<string>();

  begins(sessionId: string, source: StartSource): void {
    // What a session is told at its start is gone with a compaction; one that never started has lost nothing.
    if (source === 'compact' && !this.#known.has(sessionId)) return;
    this.#waiting.set(sessionId, source);
  }

  /** The start that is to be told now. */
  take(sessionId: string): StartSource | undefined {
    const source = this.#waiting.get(sessionId);
    this.#waiting.delete(sessionId);
    this.#known.add(sessionId);
    return source;
  }

  /** Whether hooks knew the session that ends. */
  ends(sessionId: string): boolean {
    return this.#known.delete(sessionId);
  }

  get known(): readonly string[] {
    return [...this.#known];
  }
}
