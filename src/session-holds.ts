import { StorageError } from './core/errors.js';
import type { SessionHolder, SessionStore } from './core/store.js';

/** The sessions that this process works in and no other. */
export class SessionHolds {
  readonly #store: Pick<SessionStore, 'holdSession'>;
  readonly #releases = new Map<string, () => Promise<void>>();

  constructor(store: Pick<SessionStore, 'holdSession'>) {
    this.#store = store;
  }

  /** Takes a session, or answers who has it. */
  async take(sessionId: string): Promise<SessionHolder | undefined> {
    if (this.#releases.has(sessionId)) return undefined;
    try {
      const hold = await this.#store.holdSession(sessionId);
      if (!hold.held) return hold.holder;
      this.#releases.set(sessionId, hold.release);
      return undefined;
    } catch (error) {
      // A history that cannot be written to is nobody's, and the session goes on without one.
      if (error instanceof StorageError) return undefined;
      throw error;
    }
  }

  async release(sessionId: string): Promise<void> {
    const release = this.#releases.get(sessionId);
    this.#releases.delete(sessionId);
    // What cannot be given back ends with this process.
    await release?.().catch(() => {});
  }

  async releaseAll(): Promise<void> {
    await Promise.all([...this.#releases.keys()].map((id) => this.release(id)));
  }
}
