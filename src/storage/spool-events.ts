import type { AnalyticsEvent } from '../core/extension.js';
import { type DroppedEvents, deliveryProblem, eventBytes, type Recipients } from '../core/spool.js';
import { droppedToMakeRoom } from '../delivery/dropped-reason.js';
import { makeRoom } from './spool-room.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** An event as it was stored; `problem` is why nobody can be sent it. */
export interface StoredEvent {
  readonly position: number | bigint;
  readonly bytes: number;
  readonly problem: string | undefined;
}

export function storedEvent(event: AnalyticsEvent, data: string, position: number | bigint): StoredEvent {
  return { position, bytes: eventBytes(data), problem: deliveryProblem(event) };
}

const insertExporter = `
  INSERT INTO exporters (id, name) VALUES (?, ?)
  ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE name <> excluded.name`;

const insertWaiting = 'INSERT INTO waiting_events (exporter_id, position, bytes) VALUES (?, ?, ?)';

const addDropped = 'UPDATE exporters SET dropped = dropped + 1 WHERE id = ?';

/**
 * Lets events that were just stored wait for each recipient, in the same transaction, so that no crash parts an event
 * from its delivery. Answers what was dropped instead, or to make room.
 */
export function spoolEvents(
  connection: Pick<SqliteConnection, 'prepare'>,
  events: readonly StoredEvent[],
  { exporters, maxEvents, maxBytes }: Recipients,
): DroppedEvents[] {
  const { prepare } = connection;
  const dropped: DroppedEvents[] = [];
  for (const { id, name } of exporters) {
    prepare(insertExporter).run(id, name);
    for (const { position, bytes, problem } of events) {
      if (problem === undefined) {
        prepare(insertWaiting).run(id, position, bytes);
      } else {
        prepare(addDropped).run(id);
        dropped.push({ exporter: id, count: 1, reason: problem });
      }
    }
    const count = makeRoom(connection, id, maxEvents, maxBytes);
    if (count > 0) dropped.push({ exporter: id, count, reason: droppedToMakeRoom({ maxEvents, maxBytes }) });
  }
  return dropped;
}
