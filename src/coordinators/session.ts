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

/** Opens, resumes, lists, forks and resets sessions; their log is append-only. */
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
    if (!existed) return { id, resumed: false, messages: [] };
    const log = await this.#store.readContextLog(id);
    const lost = log.reduce((sum, { entry }) => sum + (entry.type === 'lost' ? entry.entries : 0), 0);
    return { id, resumed: true, messages: replayLog(log), ...(lost > 0 ? { lost } : {}) };
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

  async fork(id: string): Promise<string | undefined> {
    const copyId = newId();
    return (await this.#store.forkSession(id, copyId)) ? copyId : undefined;
  }
}
