import type { DecisionBatch } from './decision-record.js';

/** Decisions that were kept together, and where in the log that was. */
export interface StoredDecisions extends DecisionBatch {
  /** The session's last log entry before; absent while it is not written yet. */
  readonly afterEntry?: number;
}

/** Where decisions are kept. They go, are copied and end with their session. */
export interface DecisionStore {
  /**
   * Keeps them with whatever is written next, so that no decision costs a commit of its own; they are read back at once.
   * What is not written when a process is killed is lost, which nothing but an explanation needs.
   */
  noteDecisions(sessionId: string, batch: DecisionBatch): Promise<void>;
  /** In the order in which they were noted. */
  readDecisions(sessionId: string): Promise<readonly StoredDecisions[]>;
}
