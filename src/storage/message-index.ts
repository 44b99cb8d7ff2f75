import { setImmediate as nextTick } from 'node:timers/promises';
import type { Message } from '../core/message.js';
import type { LogRecord, SearchHit, SessionSummary } from '../core/store.js';
import { snippetOf } from './search-snippet.js';
import {
  folded,
  matchExpression,
  type Phrase,
  parseQuery,
  searchableText,
  textParts,
} from './search-words.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { codeOf } from './storage-failure.js';

/** What one transaction indexes at most, or one part of a long message: a few milliseconds of work. */
const STEP_ENTRIES = 64;
const STEP_CHARACTERS = 50_000;
/** A message of more is read by itself. */
const LONG_BYTES = 500_000;
/** Indexing waits until nothing was appended for so long: the model is thinking then. */
const QUIET_MS = 100;
/** Ranking looks at every match; of words that more messages have than this, the newest are as good as any. */
const MOST_RANKED = 10_000;
const DEFAULT_LIMIT = 50;

interface DueSession {
  readonly id: string;
  readonly number: number;
  readonly indexed: number;
  readonly entries: number;
}

/** What is left of a message that is too long for one transaction. */
interface Rest {
  /** Of its session. */
  readonly number: number;
  readonly indexed: number;
  readonly sequence: number;
  readonly parts: readonly string[];
  readonly next: number;
}

interface EntryRow {
  readonly sequence: number;
  readonly payload: string | null;
  /** Whether this is a message whose payload is read when its turn comes. */
  readonly isLong: 0 | 1;
}

/** A message that was appended just now, so that it need not be read again. */
interface Remembered {
  readonly sessionId: string;
  readonly sequence: number;
  readonly message: Message;
}

interface FoundRow {
  readonly number: number;
  readonly sequence: number;
}

interface MessageRow {
  readonly payload: string;
  readonly created_at: number;
}

const selectDue = `
  SELECT id, number, indexed, entries FROM sessions WHERE indexed < entries ORDER BY number DESC LIMIT 1`;

const selectEntries = `
  SELECT sequence, CASE WHEN type = 'message' AND octet_length(payload) <= ${LONG_BYTES} THEN payload END AS payload,
    type = 'message' AND octet_length(payload) > ${LONG_BYTES} AS isLong FROM log
  WHERE session_id = ? AND sequence > ? ORDER BY sequence LIMIT ${STEP_ENTRIES}`;

/** Replaces what somebody else did of a long message that both are at. */
const insertWords = 'INSERT OR REPLACE INTO message_words (rowid, text) VALUES ((? << 32) | (? << 8) | ?, ?)';

const selectWords = 'SELECT 1 FROM message_words WHERE rowid = ((? << 32) | (? << 8) | ?)';

const matches = `FROM message_words WHERE message_words MATCH :match
  AND rowid BETWEEN (:first << 32) AND ((:last << 32) | 0xffffffff)`;

const place = 'doc >> 24 AS number, doc & 0xffffff AS sequence';

const countMatches = `SELECT count(*) FROM (SELECT 1 ${matches} LIMIT ${MOST_RANKED + 1})`;

/** A message in several parts counts as its best one. Ranking works in the query itself only, hence the table between. */
const selectRanked = `
  WITH found AS MATERIALIZED (SELECT rowid >> 8 AS doc, bm25(message_words) AS score ${matches})
  SELECT ${place} FROM found GROUP BY doc ORDER BY min(score), doc DESC LIMIT :limit`;

const selectNewest = `SELECT ${place} FROM (SELECT rowid >> 8 AS doc ${matches} ORDER BY rowid DESC)`;

/**
 * Full-text search over messages. Words are indexed behind the append, in bounded steps, so that an append costs the same
 * however large the history is; how far each session is indexed stands with it, and a search indexes the rest first.
 */
export function createMessageIndex(
  { prepare, read, write }: SqliteConnection,
  summaryOf: (number: number) => SessionSummary | undefined,
) {
  let timer: NodeJS.Timeout | undefined;
  let appended = 0;
  let closed = false;
  let rest: Rest | undefined;
  let remembered: Remembered | undefined;

  /** One transaction of bounded work. Answers whether there may be more to do. */
  async function step(): Promise<boolean> {
    const done = await write(indexMore);
    // Only when it is stored: what was not is done again.
    rest = done?.rest;
    if (!done) remembered = undefined;
    return done !== undefined;
  }

  /** Inside a transaction; nothing when all is indexed. */
  function indexMore(): { readonly rest?: Rest } | undefined {
    const due = prepare<[], DueSession>(selectDue).get();
    if (!due) return undefined;
    const { number } = due;
    let { indexed } = due;
    let characters = 0;
    const left = rest && isNext(rest, due) ? rest : undefined;
    const entries = left ? [] : entriesAfter(due);
    // What is counted but not there any more must not hold up the rest.
    if (!left && entries.length === 0) indexed = due.entries;
    for (const { sequence, parts, next: first } of left ? [left] : messagesOf(due.id, entries)) {
      let next = first;
      for (; next < parts.length && characters < STEP_CHARACTERS; next += 1) {
        const words = parts[next]!;
        characters += words.length;
        if (words !== '') prepare(insertWords).run(number, sequence, next, folded(words));
      }
      if (next < parts.length) {
        advance(due, indexed);
        return next === 0 ? {} : { rest: { number, indexed, sequence, parts, next } };
      }
      indexed = sequence;
    }
    advance(due, indexed);
    return {};
  }

  function advance({ id }: DueSession, indexed: number): void {
    prepare('UPDATE sessions SET indexed = ? WHERE id = ?').run(indexed, id);
  }

  /** Whether what comes next is the rest of this message, and what was indexed of it is still there. */
  function isNext({ number, indexed, sequence, next }: Rest, due: DueSession): boolean {
    if (number !== due.number || indexed !== due.indexed) return false;
    return prepare(selectWords).get(number, sequence, next - 1) !== undefined;
  }

  function* messagesOf(
    sessionId: string,
    entries: readonly EntryRow[],
  ): Generator<Pick<Rest, 'sequence' | 'parts' | 'next'>> {
    for (const { sequence, payload, isLong } of entries) {
      const text = isLong ? longText(sessionId, sequence) : textIn(payload ?? '');
      yield { sequence, parts: textParts(text), next: 0 };
    }
  }

  function longText(sessionId: string, sequence: number): string {
    if (remembered?.sessionId === sessionId && remembered.sequence === sequence)
      return searchableText(remembered.message);
    return textIn(messageAt(sessionId, sequence)?.payload ?? '');
  }

  /** No more of them than a step takes: a single one may be many megabytes. */
  function entriesAfter({ id, indexed }: DueSession): EntryRow[] {
    const entries: EntryRow[] = [];
    let characters = 0;
    for (const entry of prepare<[string, number], EntryRow>(selectEntries).iterate(id, indexed)) {
      entries.push(entry);
      characters += entry.payload?.length ?? 0;
      if (characters > STEP_CHARACTERS) break;
    }
    return entries;
  }

  /** What is damaged of the index alone is made anew from the log, which has everything. */
  async function mending<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (codeOf((error as { cause?: unknown } | null)?.cause) !== 'SQLITE_CORRUPT_VTAB') throw error;
    }
    await write(() => {
      prepare("INSERT INTO message_words (message_words) VALUES ('delete-all')").run();
      prepare('UPDATE sessions SET indexed = 0').run();
    });
    return action();
  }

  async function catchUp(): Promise<void> {
    while (!closed && (await step())) await nextTick();
  }

  /** Until something is appended: the next pause goes on, and no append waits for more than a step. */
  async function workInPause(): Promise<void> {
    const pause = appended;
    while (!closed && appended === pause && (await step())) await nextTick();
  }

  function schedule(): void {
    if (closed) return;
    appended += 1;
    clearTimeout(timer);
    // Whatever goes wrong here is told to whoever searches.
    timer = setTimeout(() => void mending(workInPause).catch(() => {}), QUIET_MS);
    timer.unref();
  }

  function find(
    phrases: readonly Phrase[],
    sessionNumber: number | undefined,
    limit: number,
  ): readonly FoundRow[] {
    const range = { first: sessionNumber ?? 0, last: sessionNumber ?? 0x7ffffffe };
    const asked = { match: matchExpression(phrases), ...range };
    const count = prepare<[object], number>(countMatches).pluck().get(asked) ?? 0;
    if (count <= MOST_RANKED) return prepare<[object], FoundRow>(selectRanked).all({ ...asked, limit });
    const found = new Map<string, FoundRow>();
    for (const row of prepare<[object], FoundRow>(selectNewest).iterate(asked)) {
      found.set(`${row.number} ${row.sequence}`, row);
      if (found.size === limit) break;
    }
    return [...found.values()];
  }

  return {
    schedule,

    /** A long message that was appended just now; of several, the last. */
    remember(sessionId: string, sequence: number, message: Message): void {
      remembered = { sessionId, sequence, message };
    },

    mending,

    async search(query: string, options: { readonly sessionId?: string; readonly limit?: number } = {}) {
      const phrases = parseQuery(query);
      const { sessionId, limit = DEFAULT_LIMIT } = options;
      const look = () => {
        let number: number | undefined;
        if (sessionId !== undefined) {
          number = prepare<[string], number>('SELECT number FROM sessions WHERE id = ?')
            .pluck()
            .get(sessionId);
          if (number === undefined) return [];
        }
        return find(phrases, number, limit).flatMap((row) => {
          const session = summaryOf(row.number);
          const message = session && messageAt(session.id, row.sequence);
          return message ? [{ session, sequence: row.sequence, ...message }] : [];
        });
      };
      const found = await mending(async () => {
        await catchUp();
        return read(look);
      });
      return found.flatMap(({ payload, created_at, ...place }): SearchHit[] => {
        const message = messageIn(payload);
        if (!message) return [];
        const snippet = snippetOf(searchableText(message), phrases);
        return [{ ...place, role: message.role, timestamp: created_at, snippet }];
      });
    },

    /** Inside a transaction that deletes the session with this number. */
    forget: (number: number) =>
      void prepare(
        'DELETE FROM message_words WHERE rowid BETWEEN (? << 32) AND ((? << 32) | 0xffffffff)',
      ).run(number, number),

    close() {
      closed = true;
      clearTimeout(timer);
    },
  };

  function messageAt(sessionId: string, sequence: number): MessageRow | undefined {
    const sql = 'SELECT payload, created_at FROM log WHERE session_id = ? AND sequence = ?';
    return prepare<[string, number], MessageRow>(sql).get(sessionId, sequence);
  }
}

function textIn(payload: string): string {
  const message = messageIn(payload);
  return message ? searchableText(message) : '';
}

/** Nothing for an entry that is damaged: reading the session says so, and searching goes on without it. */
function messageIn(payload: string) {
  try {
    const entry = JSON.parse(payload) as LogRecord;
    return entry.type === 'message' ? entry.message : undefined;
  } catch {
    return undefined;
  }
}
