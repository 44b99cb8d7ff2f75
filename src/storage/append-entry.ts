import { startsContext } from '../core/replay-log.js';
import type { LogRecord } from '../core/store.js';
import { type Appended, appendInThread, isLarge } from './append-in-thread.js';
import { sessionTitle } from './session-title.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { isBusy, StorageFailure, storageFailure } from './storage-failure.js';

interface LastRow extends Appended {
  readonly payload: string;
  readonly created_at: number;
}

/** What a session is moved by to the top of the list. */
export const nextActivity = '(SELECT coalesce(max(activity), 0) + 1 FROM sessions)';

/** The entry's number is given inside the transaction, so that several processes may write one session. */
const touchSession = `
  UPDATE sessions SET updated_at = :now, message_count = message_count + :messages, activity = ${nextActivity},
    title = CASE title WHEN '' THEN :title ELSE title END, entries = entries + 1,
    context_start = CASE WHEN :startsContext THEN entries + 1 WHEN :rewinds THEN 0 ELSE context_start END
  WHERE id = :id RETURNING entries`;

export const insertEntry =
  'INSERT INTO log (session_id, sequence, type, payload, created_at) VALUES (?, ?, ?, ?, ?)';

const selectLast = `
  SELECT rowid AS row, sequence, payload, created_at FROM log WHERE session_id = ? ORDER BY sequence DESC LIMIT 1`;

/** Appends entries to the logs of sessions. One of many megabytes is made JSON and written by a thread, or keys would wait. */
export function createAppend({ file, prepare, write, writeApart }: SqliteConnection) {
  return async (
    id: string,
    entry: LogRecord,
  ): Promise<Appended & { /** Whether reading it takes long, too. */ readonly large: boolean }> => {
    const large = isLarge(entry);
    const payload = large ? undefined : JSON.stringify(entry);
    const now = Date.now();
    const change = {
      id,
      now,
      messages: entry.type === 'message' ? 1 : 0,
      title: sessionTitle(entry),
      startsContext: startsContext(entry) ? 1 : 0,
      rewinds: entry.type === 'rewind' ? 1 : 0,
    };

    function append(): Appended {
      const sequence = prepare<[object], number>(touchSession).pluck().get(change);
      if (sequence === undefined) throw new StorageFailure('unknown-session', file);
      const text = payload ?? JSON.stringify(entry);
      const { lastInsertRowid } = prepare(insertEntry).run(id, sequence, entry.type, text, now);
      return { row: Number(lastInsertRowid), sequence };
    }

    async function appendApart(): Promise<Appended | undefined> {
      const answer = await appendInThread({ file, entry, change, touch: touchSession, insert: insertEntry });
      if (!answer || isBusy(answer)) return undefined;
      if (answer.code !== undefined) throw storageFailure(answer, file);
      if (!answer.appended) throw new StorageFailure('unknown-session', file);
      return answer.appended;
    }

    /** Where a thread ended between its commit and its answer. */
    function alreadyAppended(): Appended | undefined {
      const last = prepare<[string], LastRow>(selectLast).get(id);
      return last?.created_at === now && last.payload === JSON.stringify(entry) ? last : undefined;
    }

    const appended = large
      ? await writeApart(appendApart, () => alreadyAppended() ?? append())
      : await write(append);
    return { ...appended, large };
  };
}
