import type { DecisionEntry } from '../core/decision-record.js';
import type { DecisionStore, StoredDecisions } from '../core/decision-store.js';
import type { SqliteConnection } from './sqlite-connection.js';

interface WaitingRow {
  readonly sessionId: string;
  readonly turnId: string | null;
  readonly payload: string;
}

interface DecisionsRow {
  readonly turnId: string | null;
  readonly entry: number;
  readonly payload: string;
}

/** Batches that wait for a write: of a session that is not made yet, or while the disk takes nothing. */
const MOST_WAITING = 1_000;
/** Batches that are kept of a session: about as many as entries of its log, so this is a long one. */
const MOST_KEPT = 10_000;
/** How often it is seen to that no more are kept. */
const LOOKED_AT_EACH = 100;

/** A session that is gone, or not there yet, takes none. */
const insertDecisions = `
  INSERT INTO decisions (session_id, turn_id, part, entry, payload)
  SELECT id, :turnId, (SELECT coalesce(max(part), 0) + 1 FROM decisions WHERE session_id = id), entries, :payload
  FROM sessions WHERE id = :sessionId RETURNING part`;

const deleteOldest = 'DELETE FROM decisions WHERE session_id = ? AND part <= ?';

const selectDecisions =
  'SELECT turn_id AS turnId, entry, payload FROM decisions WHERE session_id = ? ORDER BY part';

/** Decisions ride in the transactions of others: `save` is for the end, when nobody else writes. */
export function createSqliteDecisions(
  connection: SqliteConnection,
): DecisionStore & { save(): Promise<void> } {
  const { prepare, read, write, ride } = connection;
  let waiting: readonly WaitingRow[] = [];

  ride(() => {
    if (waiting.length === 0) return undefined;
    const written = new Set(waiting.filter(insert));
    return () => {
      waiting = waiting.filter((row) => !written.has(row));
    };
  });

  function insert(row: WaitingRow): boolean {
    const part = prepare<[object], number>(insertDecisions).pluck().get(row);
    if (part !== undefined && part % LOOKED_AT_EACH === 0) {
      prepare(deleteOldest).run(row.sessionId, part - MOST_KEPT);
    }
    return part !== undefined;
  }

  return {
    async noteDecisions(sessionId, { turnId = null, entries }) {
      waiting = [...waiting, { sessionId, turnId, payload: JSON.stringify(entries) }].slice(-MOST_WAITING);
    },

    async readDecisions(sessionId) {
      // Looked at after the rows are read: what is written meanwhile is in one of both, and in none twice.
      return read(() => [
        ...prepare<[string], DecisionsRow>(selectDecisions).all(sessionId).map(storedDecisions),
        ...waiting.filter((row) => row.sessionId === sessionId).map(storedDecisions),
      ]);
    },

    async save() {
      if (waiting.length > 0) await write(() => {});
    },
  };
}

function storedDecisions({
  turnId,
  payload,
  ...rest
}: Pick<DecisionsRow, 'turnId' | 'payload'> & Partial<DecisionsRow>): StoredDecisions {
  const entry = 'entry' in rest ? { afterEntry: rest.entry! } : {};
  return { ...(turnId === null ? {} : { turnId }), ...entry, entries: entriesIn(payload) };
}

/** None where bytes of them changed on the disk. */
function entriesIn(payload: string): readonly DecisionEntry[] {
  try {
    const entries: unknown = JSON.parse(payload);
    return Array.isArray(entries) ? (entries as DecisionEntry[]) : [];
  } catch {
    return [];
  }
}
