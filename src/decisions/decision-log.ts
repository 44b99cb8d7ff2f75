import type { DecisionRecord, RecordedDecision } from '../core/decision-record.js';
import type { DecisionStore } from '../core/decision-store.js';
import { quietly } from './quietly.js';
import { readDecisions } from './read-decisions.js';
import { SessionDecisions } from './session-decisions.js';

/** Sessions of which it is remembered what was kept: of one that is forgotten, words are kept once more. */
const MOST_SESSIONS = 200;

/** What the coordinators of this process decide, session by session, until the store takes it. */
export class DecisionLog {
  readonly #store: DecisionStore;
  readonly #sessions = new Map<string, SessionDecisions>();
  /** Sessions that work on a turn, from its place in the queue on. */
  readonly #working = new Set<string>();

  constructor(store: DecisionStore) {
    this.#store = store;
  }

  /** Whether what is asked now is asked for a turn, and not by a screen that shows what would be answered. */
  isWorking(sessionId: string): boolean {
    return this.#working.has(sessionId);
  }

  worksOn(sessionId: string): void {
    this.#working.add(sessionId);
  }

  turnBegins(sessionId: string, turnId: string): void {
    this.#of(sessionId).turnBegins(turnId);
  }

  turnEnds(sessionId: string): void {
    this.#working.delete(sessionId);
    this.#of(sessionId).turnEnds();
  }

  /** Never throws: of what cannot be kept there is no explanation, and the work goes on. */
  note(record: DecisionRecord, sessionId: string): void {
    quietly(() => this.#of(sessionId).note(record));
  }

  /** The store has it from now on, and writes it with whatever it writes next. */
  handOver(sessionId: string): void {
    for (const batch of this.#sessions.get(sessionId)?.take() ?? []) {
      // Without an explanation the work goes on.
      this.#store.noteDecisions(sessionId, batch).catch(() => {});
    }
  }

  /** The same at a moment at which something is written: not at each, or nothing would be there to be counted. */
  handOverDue(sessionId: string): void {
    if (this.#sessions.get(sessionId)?.isDue) this.handOver(sessionId);
  }

  handOverAll(): void {
    for (const sessionId of this.#sessions.keys()) this.handOver(sessionId);
  }

  /** Everything that was decided in a session, in order. Rejects with a `StorageError`. */
  async read(sessionId: string): Promise<readonly RecordedDecision[]> {
    this.handOver(sessionId);
    return readDecisions(await this.#store.readDecisions(sessionId));
  }

  #of(sessionId: string): SessionDecisions {
    const session = this.#sessions.get(sessionId) ?? new SessionDecisions();
    // A map keeps insertion order; a session that is used moves to its end.
    this.#sessions.delete(sessionId);
    this.#sessions.set(sessionId, session);
    if (this.#sessions.size > MOST_SESSIONS) this.#forgetOldest();
    return session;
  }

  #forgetOldest(): void {
    const oldest = [...this.#sessions.keys()].find((id) => !this.#working.has(id));
    if (oldest === undefined) return;
    this.handOver(oldest);
    this.#sessions.delete(oldest);
  }
}
