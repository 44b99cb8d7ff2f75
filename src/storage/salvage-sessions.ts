import { readRecord } from './read-record.js';
import type { Salvage } from './salvage.js';
import { settleNumbers } from './salvage-tables.js';
import { sessionTitle } from './session-title.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** Logs whose session could not be read get one again: nothing that was said may be out of reach. */
const insertMissingSessions = `
  INSERT OR IGNORE INTO sessions (id, title, cwd, created_at, updated_at, message_count, activity)
  SELECT session_id, '', '/', min(created_at), max(created_at), count(*) FILTER (WHERE type = 'message'),
    (SELECT coalesce(max(activity), 0) FROM sessions) + row_number() OVER (ORDER BY max(created_at))
  FROM log WHERE session_id NOT IN (SELECT id FROM sessions) GROUP BY session_id`;

/**
 * Messages that a session had and its log has not, as far as the numbers of the entries do not tell by a gap: those at
 * the end.
 */
const selectShortened = `
  SELECT id, last + 1 AS sequence, missing FROM (
    SELECT id, coalesce(max(sequence), 0) AS last,
      message_count - count(log.sequence) FILTER (WHERE type = 'message')
        - (coalesce(max(sequence), 0) - count(log.sequence)) AS missing
    FROM sessions LEFT JOIN log ON session_id = id GROUP BY id)
  WHERE missing > 0`;

const selectUntitled = `
  SELECT session_id AS id, payload FROM log JOIN sessions ON id = session_id
  WHERE title = '' AND type = 'message' ORDER BY session_id, sequence`;

const insertLost = 'INSERT INTO log (session_id, sequence, type, payload, created_at) VALUES (?, ?, ?, ?, ?)';

const selectGaps = `
  SELECT coalesce(sum(gap), 0) FROM (SELECT max(sequence) - count(*) AS gap FROM log GROUP BY session_id)`;

const selectEntries = 'SELECT rowid, payload FROM log WHERE rowid > ? ORDER BY rowid LIMIT 100';

/** An entry of which only a part could be read is lost; the gap that it leaves says so where it was. */
async function dropBrokenEntries({ prepare, write }: SqliteConnection): Promise<void> {
  let last = 0;
  for (let more = true; more; ) {
    last = await write(() => {
      const rows = prepare<[number], { rowid: number; payload: string }>(selectEntries).all(last);
      const broken = rows.filter(({ payload }) => readRecord(payload) === undefined);
      for (const { rowid } of broken) prepare('DELETE FROM log WHERE rowid = ?').run(rowid);
      more = rows.length > 0;
      return rows.at(-1)?.rowid ?? last;
    });
  }
}

/** Makes sessions of what was salvaged: each log has one, and what is known to be missing is said in it. */
export async function settleSessions(target: SqliteConnection): Promise<Salvage> {
  await dropBrokenEntries(target);
  const { prepare } = target;
  return target.write(() => {
    prepare(insertMissingSessions).run();
    prepare('DELETE FROM decisions WHERE session_id NOT IN (SELECT id FROM sessions)').run();
    for (const { id, payload } of prepare<[], { id: string; payload: string }>(selectUntitled).all()) {
      const record = readRecord(payload);
      const title = record ? sessionTitle(record) : '';
      prepare("UPDATE sessions SET title = ? WHERE id = ? AND title = ''").run(title, id);
    }
    let lost = Number(prepare(selectGaps).pluck().get());
    const shortened = prepare<[], { id: string; sequence: number; missing: number }>(selectShortened).all();
    for (const { id, sequence, missing } of shortened) {
      lost += missing;
      const payload = JSON.stringify({ type: 'lost', entries: missing });
      prepare(insertLost).run(id, sequence, 'lost', payload, Date.now());
    }
    settleNumbers(target);
    return {
      sessions: Number(prepare('SELECT count(*) FROM sessions').pluck().get()),
      messages: Number(prepare("SELECT count(*) FROM log WHERE type = 'message'").pluck().get()),
      lost,
    };
  });
}
