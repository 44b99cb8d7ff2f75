import type { DecisionStore, StoredDecisions } from '../core/decision-store.js';

/** Batches that are kept of a session. */
const MOST_KEPT = 10_000;

export interface MemoryDecisions extends DecisionStore {
  forget(sessionId: string): void;
  copy(sessionId: string, copyId: string): void;
}

/** Decisions of this process. `logLength`: entries that a session's log has. */
export function createMemoryDecisions(logLength: (sessionId: string) => number): MemoryDecisions {
  const sessions = new Map<string, StoredDecisions[]>();
  return {
    async noteDecisions(sessionId, batch) {
      const kept = sessions.get(sessionId) ?? [];
      sessions.set(sessionId, kept);
      // A copy: nobody can change it afterwards.
      kept.push({ ...structuredClone(batch), afterEntry: logLength(sessionId) });
      if (kept.length > MOST_KEPT) kept.shift();
    },
    readDecisions: async (sessionId) => [...(sessions.get(sessionId) ?? [])],
    forget: (sessionId) => void sessions.delete(sessionId),
    copy: (sessionId, copyId) => void sessions.set(copyId, [...(sessions.get(sessionId) ?? [])]),
  };
}
