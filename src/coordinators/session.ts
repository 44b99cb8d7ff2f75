import type * as contract from '../core/coordinator.js';
import type { OpenSession } from '../core/coordinator.js';
import { newId } from '../core/id.js';
import { replayLog } from '../core/replay-log.js';
import type { LogRecord, SessionStore, SessionSummary } from '../core/store.js';

export interface SessionCoordinatorOptions {
  readonly store: SessionStore;
  /** Absolute path recorded with a new session. */
  readonly cwd: string;
  /** Clears what is open of a session in this process. */
  readonly resetContext: (sessionId: string) => void;
}

/** Opens, resumes, lists and resets sessions; their log is append-only. */
export class SessionCoordinator implements contract.SessionCoordinator {
  readonly #store: SessionStore;
  readonly #cwd: string;
  readonly #resetContext: (sessionId: string) => void;

  constructor(options: SessionCoordinatorOptions) {
    this.#store = options.store;
    this.#cwd = options.cwd;
    this.#resetContext = options.resetContext;
  }

  async open(id: string = newId()): Promise<OpenSession> {
    const { existed } = await this.#store.openSession(id, this.#cwd);
    const messages = existed ? replayLog(await this.#store.readLog(id)) : [];
    return { id, resumed: existed, messages };
  }

  record(entry: LogRecord, sessionId: string): Promise<void> {
    return this.#store.appendLog(sessionId, entry);
  }

  list(
    options: { readonly idPrefix?: string; readonly limit?: number } = {},
  ): Promise<readonly SessionSummary[]> {
    return this.#store.listSessions(options);
  }

  async resetSession(id: string): Promise<boolean> {
    this.#resetContext(id); // Before the first await, so that the caller sees it cleared at once.
    if (!(await this.#store.getSession(id))) return false;
    await this.#store.appendLog(id, { type: 'reset' });
    return true;
  }
}
