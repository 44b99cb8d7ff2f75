import { contextLog, lastMessages } from '../core/replay-log.js';
import { shownTitle } from '../core/shown-title.js';
import type { LogEntry, LogRecord, SessionHolder, SessionStore, SessionSummary } from '../core/store.js';
import { isSubagentSession, subagentIdPrefix } from '../core/subagent-session.js';
import { rankedMatches, searchedMessage } from './memory-search.js';
import { snippetOf } from './search-snippet.js';
import { parseQuery, searchableText } from './search-words.js';
import { changedTags } from './session-tags.js';
import { sessionTitle } from './session-title.js';
import { StorageFailure } from './storage-failure.js';

/** A key may be known only since its title was made. */
function shown({ summary }: Pick<MemorySession, 'summary'>): SessionSummary {
  return { ...summary, title: shownTitle(summary.title) };
}

interface MemorySession {
  summary: SessionSummary;
  /** Entries as JSON: what is read back is exactly what SQLite would give, and nobody can change it afterwards. */
  readonly log: { readonly payload: string; readonly timestamp: number }[];
}

const DEFAULT_LIMIT = 50;

export interface MemorySessionsOptions {
  readonly onForked: (sessionId: string, copyId: string) => void;
  readonly onDeleted: (sessionId: string) => void;
}

/** Sessions of this process. */
export function createMemorySessions({ onForked, onDeleted }: MemorySessionsOptions): SessionStore & {
  folderOf(sessionId: string): string | undefined;
  lengthOf(sessionId: string): number;
} {
  // A map keeps insertion order; a session that changes moves to its end, so the newest is last.
  const sessions = new Map<string, MemorySession>();
  const held = new Map<string, SessionHolder>();

  const logOf = (id: string) => (sessions.get(id)?.log ?? []).map(logEntry);

  return {
    async openSession(id, cwd) {
      if (sessions.has(id)) return { existed: true };
      const now = Date.now();
      const summary = { id, title: '', cwd, createdAt: now, updatedAt: now, messages: 0, tags: [] };
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

    readLog: async (sessionId) => logOf(sessionId),

    readContextLog: async (sessionId) => contextLog(logOf(sessionId)),

    readTail: async (sessionId, count) => lastMessages(logOf(sessionId), count),

    folderOf: (id) => sessions.get(id)?.summary.cwd,

    lengthOf: (id) => sessions.get(id)?.log.length ?? 0,

    async getSession(id) {
      const session = sessions.get(id);
      return session && shown(session);
    },

    async listSessions({ idPrefix = '', cwd, tag, before, limit, subagentsOf } = {}) {
      return [...sessions.values()]
        .reverse()
        .map(shown)
        .filter(({ id }) =>
          subagentsOf === undefined ? !isSubagentSession(id) : id.startsWith(subagentIdPrefix(subagentsOf)),
        )
        .filter((summary) => summary.id.startsWith(idPrefix) && (cwd === undefined || summary.cwd === cwd))
        .filter(({ tags }) => tag === undefined || tags.includes(tag))
        .filter(({ updatedAt }) => before === undefined || updatedAt < before)
        .slice(0, limit);
    },

    async renameSession(id, title) {
      const session = sessions.get(id);
      if (!session) return false;
      session.summary = { ...session.summary, title: shownTitle(title) };
      return true;
    },

    async tagSession(id, change) {
      const session = sessions.get(id);
      if (!session) return false;
      session.summary = { ...session.summary, tags: changedTags(session.summary.tags, change) };
      return true;
    },

    async forkSession(id, copyId) {
      const session = sessions.get(id);
      if (!session || sessions.has(copyId)) return false;
      const now = Date.now();
      const { summary, log } = session;
      const copy = { ...summary, id: copyId, createdAt: now, updatedAt: now, forkedFrom: id };
      sessions.set(copyId, { summary: copy, log: [...log] });
      onForked(id, copyId);
      return true;
    },

    async importSession({ log, ...imported }) {
      const { id, tags } = imported;
      if (sessions.has(id)) return false;
      const messages = log.filter(({ entry }) => entry.type === 'message').length;
      const summary = {
        ...imported,
        title: shownTitle(imported.title),
        messages,
        tags: changedTags(tags, {}),
      };
      const lines = log.map(({ entry, timestamp }) => ({ payload: JSON.stringify(entry), timestamp }));
      sessions.set(id, { summary, log: lines });
      return true;
    },

    async searchMessages(query, { sessionId, limit = DEFAULT_LIMIT } = {}) {
      const phrases = parseQuery(query);
      const searched = [...sessions.values()]
        .filter(({ summary }) => sessionId === undefined || summary.id === sessionId)
        .flatMap(({ summary, log }) =>
          log.map(logEntry).flatMap(({ entry, sequence, timestamp }) => {
            if (entry.type !== 'message') return [];
            const { message } = entry;
            return [
              { session: shown({ summary }), sequence, timestamp, message, ...searchedMessage(message) },
            ];
          }),
        );
      return rankedMatches(searched, phrases)
        .slice(0, limit)
        .map(({ session, sequence, timestamp, message }) => {
          const snippet = snippetOf(searchableText(message), phrases);
          return { session, sequence, role: message.role, timestamp, snippet };
        });
    },

    async holdSession(id) {
      const holder = held.get(id);
      if (holder) return { held: false, holder };
      const own = { pid: process.pid, since: Date.now() };
      held.set(id, own);
      const release = async () => {
        if (held.get(id) === own) held.delete(id);
      };
      return { held: true, release };
    },

    async deleteSession(id) {
      onDeleted(id);
      held.delete(id);
      const own = subagentIdPrefix(id);
      for (const one of [...sessions.keys()]) if (one.startsWith(own)) sessions.delete(one);
      return sessions.delete(id);
    },
  };
}

function logEntry({ payload, timestamp }: MemorySession['log'][number], index: number): LogEntry {
  return { sequence: index + 1, entry: JSON.parse(payload) as LogRecord, timestamp };
}
