import type { LogEntry, LogRecord, SessionStore, SessionSummary } from '../core/store.js';
import { sessionTitle } from './session-title.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { StorageFailure } from './storage-failure.js';

interface LogRow {
  readonly sequence: number;
  readonly payload: string;
  readonly created_at: number;
}

const nextActivity = '(SELECT coalesce(max(activity), 0) + 1 FROM sessions)';

const insertSession = `
  INSERT INTO sessions (id, cwd, created_at, updated_at, activity) VALUES (?, ?, ?, ?, ${nextActivity})
  ON CONFLICT (id) DO NOTHING`;

const touchSession = `
  UPDATE sessions SET updated_at = ?, message_count = message_count + ?, activity = ${nextActivity},
    title = CASE title WHEN '' THEN ? ELSE title END
  WHERE id = ?`;

/** The number is given inside the transaction, so that several processes may write one session. */
const insertEntry = `
  INSERT INTO log (session_id, sequence, type, payload, created_at)
  SELECT ?, coalesce(max(sequence), 0) + 1, ?, ?, ? FROM log WHERE session_id = ?`;

const selectLog = 'SELECT sequence, payload, created_at FROM log WHERE session_id = ? ORDER BY sequence';

const summary = `
  SELECT id, title, cwd, created_at AS createdAt, updated_at AS updatedAt, message_count AS messages
  FROM sessions`;

const selectSession = `${summary} WHERE id = ?`;

const selectSessions = `${summary}
  WHERE substr(id, 1, length(:idPrefix)) = :idPrefix AND (:cwd IS NULL OR cwd = :cwd)
  ORDER BY activity DESC LIMIT :limit`;

/** Sessions and their logs. Payloads are JSON, which keeps what SQLite text cannot: NUL and lone surrogates. */
export function createSqliteSessions(connection: SqliteConnection): SessionStore {
  const { file, prepare, read, write } = connection;

  return {
    openSession: (id, cwd) => {
      const now = Date.now();
      return write(() => ({ existed: prepare(insertSession).run(id, cwd, now, now).changes === 0 }));
    },

    async appendLog(sessionId, entry) {
      const payload = JSON.stringify(entry);
      const title = sessionTitle(entry);
      const messages = entry.type === 'message' ? 1 : 0;
      const now = Date.now();
      await write(() => {
        const { changes } = prepare(touchSession).run(now, messages, title, sessionId);
        if (changes === 0) throw new StorageFailure('unknown-session', file);
        prepare(insertEntry).run(sessionId, entry.type, payload, now, sessionId);
      });
    },

    async readLog(sessionId) {
      const rows = await read(() => prepare<[string], LogRow>(selectLog).all(sessionId));
      return rows.map((row) => logEntry(row, sessionId, file));
    },

    getSession: (id) => read(() => prepare<[string], SessionSummary>(selectSession).get(id)),

    listSessions: ({ idPrefix = '', cwd = null, limit = -1 } = {}) =>
      read(() => prepare<[object], SessionSummary>(selectSessions).all({ idPrefix, cwd, limit })),

    renameSession: (id, title) =>
      write(() => prepare('UPDATE sessions SET title = ? WHERE id = ?').run(title, id).changes > 0),

    deleteSession: (id) =>
      write(() => {
        prepare('DELETE FROM checkpoints WHERE session_id = ?').run(id);
        return prepare('DELETE FROM sessions WHERE id = ?').run(id).changes > 0;
      }),
  };
}

function logEntry(row: LogRow, sessionId: string, file: string): LogEntry {
  try {
    const entry = JSON.parse(row.payload) as LogRecord;
    return { sequence: row.sequence, entry, timestamp: row.created_at };
  } catch (cause) {
    // Leaving it out would resume a conversation that never was.
    throw new StorageFailure('corrupt', file, {
      message: `Entry ${row.sequence} of session ${sessionId} is damaged.`,
      cause,
    });
  }
}
