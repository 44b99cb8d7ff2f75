import { setImmediate as nextTick } from 'node:timers/promises';
import { contextStart, lastMessages } from '../core/replay-log.js';
import { shownTitle } from '../core/shown-title.js';
import type { LogEntry, SessionStore, SessionSummary } from '../core/store.js';
import { subagentIdPrefix } from '../core/subagent-session.js';
import { createAppend, insertEntry, nextActivity } from './append-entry.js';
import { createMessageIndex } from './message-index.js';
import { readRecord } from './read-record.js';
import { createSessionHolders } from './session-holders.js';
import { changedTags } from './session-tags.js';
import type { SqliteConnection } from './sqlite-connection.js';

interface LogRow {
  readonly sequence: number;
  readonly type: string;
  readonly payload: string;
  readonly created_at: number;
}

/** Where the context begins, and the number of the last entry. */
interface LogEnds {
  readonly start: number;
  readonly entries: number;
  readonly updatedAt: number;
}

type SummaryRow = Omit<SessionSummary, 'tags' | 'forkedFrom'> & {
  readonly tags: string;
  readonly forkedFrom: string | null;
};

/** What one look into the log reads at most, unless one entry alone is more, so that the screen lives while a long one is read. */
const PAGE_CHARACTERS = 1_000_000;
const PAGE_ENTRIES = 1_000;

const nextNumber = '(SELECT coalesce(max(number), 0) + 1 FROM sessions)';

const insertSession = `
  INSERT INTO sessions (id, cwd, created_at, updated_at, activity, number)
  VALUES (?, ?, ?, ?, ${nextActivity}, ${nextNumber})
  ON CONFLICT (id) DO NOTHING`;

const selectLog = `
  SELECT sequence, type, payload, created_at FROM log WHERE session_id = ? AND sequence > ?
  ORDER BY sequence LIMIT ${PAGE_ENTRIES}`;

const selectEnds =
  'SELECT context_start AS start, entries, updated_at AS updatedAt FROM sessions WHERE id = ?';

const selectNotes = `
  SELECT sequence, type, payload, created_at FROM log WHERE session_id = ? AND sequence < ? AND type = 'note'
  ORDER BY sequence`;

const selectTail = `
  SELECT sequence, type, payload, created_at FROM log WHERE session_id = ? AND type IN ('message', 'rewind')
  ORDER BY sequence DESC LIMIT ?`;

const summary = `
  SELECT id, title, cwd, created_at AS createdAt, updated_at AS updatedAt, message_count AS messages, tags,
    forked_from AS forkedFrom
  FROM sessions`;

const selectSession = `${summary} WHERE id = ?`;

const selectSessions = `${summary}
  WHERE substr(id, 1, length(:idPrefix)) = :idPrefix AND (:cwd IS NULL OR cwd = :cwd)
    AND CASE WHEN :subagents IS NULL THEN instr(id, '${subagentIdPrefix('')}') = 0
      ELSE substr(id, 1, length(:subagents)) = :subagents END
    AND (:before IS NULL OR updated_at < :before)
    AND (:tag IS NULL OR EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(tags) THEN tags ELSE '[]' END) WHERE value = :tag))
  ORDER BY activity DESC LIMIT :limit`;

const copySession = `
  INSERT INTO sessions (id, title, cwd, created_at, updated_at, message_count, activity, number, tags, forked_from,
    entries, context_start)
  SELECT :copyId, title, cwd, :now, :now, message_count, ${nextActivity}, ${nextNumber}, tags, id, entries, context_start
  FROM sessions WHERE id = :id
  ON CONFLICT (id) DO NOTHING`;

const copyLog = `
  INSERT INTO log (session_id, sequence, type, payload, created_at)
  SELECT :copyId, sequence, type, payload, created_at FROM log WHERE session_id = :id ORDER BY sequence`;

const copyDecisions = `
  INSERT INTO decisions (session_id, turn_id, part, entry, payload)
  SELECT :copyId, turn_id, part, entry, payload FROM decisions WHERE session_id = :id ORDER BY part`;

const insertImported = `
  INSERT INTO sessions (id, title, cwd, created_at, updated_at, message_count, activity, number, tags, forked_from,
    entries, context_start)
  VALUES (:id, :title, :cwd, :createdAt, :updatedAt, :messages, ${nextActivity}, ${nextNumber}, :tags, :forkedFrom,
    :entries, :contextStart)
  ON CONFLICT (id) DO NOTHING`;

/**
 * Sessions and their logs. Payloads are JSON, which keeps what SQLite text cannot: NUL and lone surrogates. `onAppended`
 * is told the row of each entry once it is on the disk.
 */
export function createSqliteSessions(
  connection: SqliteConnection,
  onAppended: (row: number) => void = () => {},
): SessionStore & { close(): void } {
  const { prepare, read, write } = connection;
  const append = createAppend(connection);
  const index = createMessageIndex(connection, (number) => {
    const row = prepare<[number], SummaryRow>(`${summary} WHERE number = ?`).get(number);
    return row && summaryOf(row);
  });
  const holders = createSessionHolders(connection);

  /** Everything behind that entry, a page at a time: what is there cannot change between two. */
  async function readFrom(sessionId: string, start: number): Promise<LogRow[]> {
    const found: LogRow[] = [];
    for (let after = start; ; ) {
      const from = after;
      const page = await read(() => {
        const rows: LogRow[] = [];
        let characters = 0;
        for (const row of prepare<[string, number], LogRow>(selectLog).iterate(sessionId, from)) {
          rows.push(row);
          characters += row.payload.length;
          if (characters > PAGE_CHARACTERS) return { rows, last: false };
        }
        return { rows, last: rows.length < PAGE_ENTRIES };
      });
      for (const row of page.rows) found.push(row);
      if (page.last) return found;
      after = page.rows.at(-1)?.sequence ?? after;
      await nextTick();
    }
  }

  /** The log from this number on. What is missing at its end leaves no gap; but the session knows how far it went. */
  async function entriesFrom(sessionId: string, first: number): Promise<LogEntry[]> {
    // Asked first: another process may be writing.
    const ends = await read(() => prepare<[string], LogEnds>(selectEnds).get(sessionId));
    const rows = await readFrom(sessionId, first - 1);
    const log = logOf(rows, first);
    const next = (rows.at(-1)?.sequence ?? first - 1) + 1;
    const missing = (ends?.entries ?? 0) + 1 - next;
    if (!ends || missing <= 0) return log;
    return [...log, { sequence: next, entry: { type: 'lost', entries: missing }, timestamp: ends.updatedAt }];
  }

  const readLog = (sessionId: string) => entriesFrom(sessionId, 1);

  return {
    openSession: (id, cwd) => {
      const now = Date.now();
      return write(() => ({ existed: prepare(insertSession).run(id, cwd, now, now).changes === 0 }));
    },

    async appendLog(sessionId, entry) {
      const { row, sequence, large } = await append(sessionId, entry);
      if (large && entry.type === 'message') index.remember(sessionId, sequence, entry.message);
      onAppended(row);
      index.schedule();
    },

    readLog,

    async readContextLog(sessionId) {
      const { start, notes } = await read(() => {
        const start = prepare<[string], LogEnds>(selectEnds).get(sessionId)?.start ?? 0;
        return { start, notes: prepare<[string, number], LogRow>(selectNotes).all(sessionId, start) };
      });
      if (start === 0) return readLog(sessionId);
      const entries = await entriesFrom(sessionId, start);
      // Where the entry that the context begins with is damaged, what came before it is all that is known.
      if (entries[0]?.entry.type === 'lost') return readLog(sessionId);
      return [...notes.map(logEntry), ...entries];
    },

    async readTail(sessionId, count) {
      const rows = await read(() => prepare<[string, number], LogRow>(selectTail).all(sessionId, count));
      // What was rewound is no part of it; without a rewind among them all of these are.
      const whole = rows.some(({ type }) => type === 'rewind');
      return lastMessages(whole ? await readLog(sessionId) : rows.reverse().map(logEntry), count);
    },

    async getSession(id) {
      const row = await read(() => prepare<[string], SummaryRow>(selectSession).get(id));
      return row && summaryOf(row);
    },

    async listSessions(options = {}) {
      const { idPrefix = '', cwd = null, tag = null, before = null, limit = -1, subagentsOf } = options;
      const subagents = subagentsOf === undefined ? null : subagentIdPrefix(subagentsOf);
      const asked = { idPrefix, cwd, tag, before, limit, subagents };
      const rows = await read(() => prepare<[object], SummaryRow>(selectSessions).all(asked));
      return rows.map(summaryOf);
    },

    renameSession: (id, title) =>
      write(
        () => prepare('UPDATE sessions SET title = ? WHERE id = ?').run(shownTitle(title), id).changes > 0,
      ),

    tagSession: (id, change) =>
      write(() => {
        const tags = prepare<[string], string>('SELECT tags FROM sessions WHERE id = ?').pluck().get(id);
        if (tags === undefined) return false;
        const changed = JSON.stringify(changedTags(tagsIn(tags), change));
        return prepare('UPDATE sessions SET tags = ? WHERE id = ?').run(changed, id).changes > 0;
      }),

    async forkSession(id, copyId) {
      const copied = await write(() => {
        const made = prepare(copySession).run({ id, copyId, now: Date.now() }).changes > 0;
        if (made) for (const sql of [copyLog, copyDecisions]) prepare(sql).run({ id, copyId });
        return made;
      });
      if (copied) index.schedule();
      return copied;
    },

    async importSession({ id, title, cwd, tags, createdAt, updatedAt, forkedFrom = null, log }) {
      const rows = log.map(({ entry, timestamp }) => [entry.type, JSON.stringify(entry), timestamp] as const);
      const session = {
        ...{ id, title: shownTitle(title), cwd, createdAt, updatedAt, forkedFrom },
        tags: JSON.stringify(changedTags(tags, {})),
        messages: log.filter(({ entry }) => entry.type === 'message').length,
        entries: log.length,
        contextStart: contextStart(log) + 1,
      };
      const made = await write(() => {
        if (prepare(insertImported).run(session).changes === 0) return false;
        for (const [position, row] of rows.entries()) prepare(insertEntry).run(id, position + 1, ...row);
        return true;
      });
      if (made) index.schedule();
      return made;
    },

    searchMessages: index.search,

    holdSession: holders.hold,

    deleteSession: (id) =>
      index.mending(() =>
        write(() => {
          prepare('DELETE FROM checkpoints WHERE session_id = ?').run(id);
          holders.forget(id);
          const sql =
            'SELECT id, number FROM sessions WHERE id = :id OR substr(id, 1, length(:prefix)) = :prefix';
          const gone = prepare<[object], { id: string; number: number }>(sql).all({
            id,
            prefix: subagentIdPrefix(id),
          });
          for (const { id: one, number } of gone) {
            index.forget(number);
            prepare('DELETE FROM sessions WHERE id = ?').run(one);
          }
          return gone.some((one) => one.id === id);
        }),
      ),

    close() {
      index.close();
      holders.close();
    },
  };
}

function summaryOf({ title, tags, forkedFrom, ...row }: SummaryRow): SessionSummary {
  return {
    ...row,
    title: shownTitle(title),
    tags: tagsIn(tags),
    ...(forkedFrom === null ? {} : { forkedFrom }),
  };
}

/** None where bytes of them changed on the disk. */
function tagsIn(text: string): readonly string[] {
  try {
    const tags: unknown = JSON.parse(text);
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
  } catch {
    return [];
  }
}

function logEntry({ sequence, payload, created_at: timestamp }: LogRow): LogEntry {
  return { sequence, entry: readRecord(payload) ?? { type: 'lost', entries: 1 }, timestamp };
}

/** The rows from number `next` on as entries. Where one is missing an entry says so: leaving it out would resume a conversation that never was. */
function logOf(rows: readonly LogRow[], next = 1): LogEntry[] {
  const log: LogEntry[] = [];
  for (const row of rows) {
    const missing = row.sequence - next;
    const lost = {
      sequence: next,
      entry: { type: 'lost', entries: missing },
      timestamp: row.created_at,
    } as const;
    if (missing > 0) log.push(lost);
    log.push(logEntry(row));
    next = row.sequence + 1;
  }
  return log;
}
