import { isAhead } from '../core/spool.js';
import type { SqliteConnection } from './sqlite-connection.js';

interface Room {
  readonly waiting: number;
  readonly waitingBytes: number;
  readonly leaseUntil: number | null;
  readonly claimedThrough: number | null;
}

const selectRoom = `
  SELECT waiting, waiting_bytes AS waitingBytes, lease_until AS leaseUntil, claimed_through AS claimedThrough
  FROM exporters WHERE id = ?`;

const selectOldest = `
  SELECT position, bytes FROM waiting_events WHERE exporter_id = ? AND position > ? ORDER BY position`;

const deleteOldest = 'DELETE FROM waiting_events WHERE exporter_id = ? AND position > ? AND position <= ?';

const addDropped = 'UPDATE exporters SET dropped = dropped + ? WHERE id = ?';

/**
 * Drops the oldest events that wait for an exporter until the rest is within the bounds, and answers how many. Inside a
 * transaction. None that is on its way: that one may arrive, and is counted then.
 */
export function makeRoom(
  { prepare }: Pick<SqliteConnection, 'prepare'>,
  exporter: string,
  maxEvents: number,
  maxBytes: number,
): number {
  const room = prepare<[string], Room>(selectRoom).get(exporter)!;
  let { waiting, waitingBytes } = room;
  if (waiting <= maxEvents && waitingBytes <= maxBytes) return 0;
  const after = isAhead(room.leaseUntil, Date.now()) ? (room.claimedThrough ?? 0) : 0;
  let through = after;
  const oldest = prepare<[string, number], { position: number; bytes: number }>(selectOldest);
  for (const { position, bytes } of oldest.iterate(exporter, after)) {
    if (waiting <= maxEvents && waitingBytes <= maxBytes) break;
    through = position;
    waiting -= 1;
    waitingBytes -= bytes;
  }
  const { changes } = prepare(deleteOldest).run(exporter, after, through);
  prepare(addDropped).run(changes, exporter);
  return changes;
}
