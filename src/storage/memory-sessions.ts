import type { LogRecord, SessionStore, SessionSummary } from '../core/store.js';
import { sessionTitle } from './session-title.js';
import { StorageFailure } from './storage-failure.js';

interface MemorySession {
  summary: SessionSummary;
  /** Entries as JSON: what is read back is exactly what SQLite would give, and nobody can change it afterwards. */
  readonly log: { readonly payload: string; readonly timestamp: number }[];
}

/** Sessions of this process. `forget` runs when a session is deleted. */
export function createMemorySessions(forget: (sessionId: string) => void): SessionStore {
  // A map keeps insertion order; a session that changes moves to its end, so the newest is last.
  const sessions = new Map<string, MemorySession>();

  return {
    async openSession(id, cwd) {
      if (sessions.has(id)) return { existed: true };
      const now = Date.now();
      const summary = { id, title: '', cwd, createdAt: now, updatedAt: now, messages: 0 };
      sessions.set(id, { summary, log: [] });
      return { existed: false };
    },

    async appendLog(sessionId, entry) {
      const payload = JSON.stringify(entry);
      const session = sessions.get(sessionId);
      if (!session) throw new StorageFailure('unknown-session', 'memory');
      const { summary, log } = session;
      const timestamp = Date.now();
      session.summary = {
        ...summary,
        title: summary.title || sessionTitle(entry),
        updatedAt: timestamp,
        messages: summary.messages + (entry.type === 'message' ? 1 : 0),
      };
      log.push({ payload, timestamp });
      sessions.delete(sessionId);
      sessions.set(sessionId, session);
    },

    async readLog(sessionId) {
      const log = sessions.get(sessionId)?.log ?? [];
      return log.map(({ payload, timestamp }, index) => ({
        sequence: index + 1,
        entry: JSON.parse(payload) as LogRecord,
        timestamp,
      }));
    },

    getSession: async (id) => sessions.get(id)?.summary,

    async listSessions({ idPrefix = '', cwd, limit } = {}) {
      return [...sessions.values()]
        .reverse()
        .map((session) => session.summary)
        .filter((summary) => summary.id.startsWith(idPrefix) && (cwd === undefined || summary.cwd === cwd))
        .slice(0, limit);
    },

    async renameSession(id, title) {
      const session = sessions.get(id);
      if (!session) return false;
      session.summary = { ...session.summary, title };
      return true;
    },

    async deleteSession(id) {
      forget(id);
      return sessions.delete(id);
    },
  };
}
