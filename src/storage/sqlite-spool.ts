import type { AnalyticsEvent } from '../core/extension.js';
import { type Claim, isAhead, type Spool, type SpoolState } from '../core/spool.js';
import { isGone } from '../delivery/lease-holder.js';
import type { SqliteConnection } from './sqlite-connection.js';

type EventRow = Omit<AnalyticsEvent, 'data'> & { readonly data: string; readonly position: number };

interface ExporterRow {
  readonly waiting: number;
  readonly failures: number;
  readonly retryAt: number | null;
  readonly holder: string | null;
  readonly leaseUntil: number | null;
}

const selectExporter = `
  SELECT waiting, failures, retry_at AS retryAt, lease_holder AS holder, lease_until AS leaseUntil
  FROM exporters WHERE id = ?`;

const selectWaiting = (condition: string) => `
  SELECT event.position, event.id, session_id AS sessionId, type, data, timestamp
  FROM waiting_events JOIN analytics_events AS event USING (position)
  WHERE exporter_id = ? ${condition} ORDER BY waiting_events.position LIMIT ?`;
const selectAll = selectWaiting('');
const selectOfSession = selectWaiting('AND session_id = ?');

const takeLease = 'UPDATE exporters SET lease_holder = ?, lease_until = ?, claimed_through = ? WHERE id = ?';

const endLease = `
  UPDATE exporters SET lease_holder = NULL, lease_until = NULL, claimed_through = NULL
  WHERE id = ? AND lease_holder = ?`;

const endLeaseFailed = `
  UPDATE exporters SET lease_holder = NULL, lease_until = NULL, claimed_through = NULL,
    failures = failures + 1, retry_at = ?, last_error = ?
  WHERE id = ? AND lease_holder = ?`;

const deleteWaiting = `
  DELETE FROM waiting_events WHERE exporter_id = ?
    AND position IN (SELECT position FROM analytics_events WHERE id IN (SELECT value FROM json_each(?)))`;

const countSettled = `
  UPDATE exporters SET sent = sent + ?, dropped = dropped + ?, quarantined = quarantined + ?,
    failures = 0, retry_at = NULL, last_error = NULL
  WHERE id = ?`;

const keepLease = 'UPDATE exporters SET lease_until = ? WHERE id = ? AND lease_holder = ?';

const insertQuarantined = `
  INSERT INTO quarantined_batches (exporter_id, event_ids, reason, created_at) VALUES (?, ?, ?, ?)`;

const selectStillWaiting = `
  SELECT DISTINCT event.id FROM analytics_events AS event JOIN waiting_events USING (position)
  WHERE event.id IN (SELECT value FROM json_each(?)) AND exporter_id IN (SELECT value FROM json_each(?))`;

const selectStates = `
  SELECT id, name, waiting, waiting_bytes AS waitingBytes, sent, dropped, quarantined, failures,
    retry_at AS retryAt, last_error AS lastError,
    (SELECT reason FROM quarantined_batches WHERE exporter_id = exporters.id ORDER BY position DESC LIMIT 1)
      AS quarantineReason
  FROM exporters ORDER BY rowid`;

export function createSqliteSpool({ prepare, read, write }: SqliteConnection): Spool {
  const exporterRow = (id: string) => prepare<[string], ExporterRow>(selectExporter).get(id);

  return {
    lasting: true,

    async claim({ exporter, holder, leaseMs }, { maxEvents, sessionId, atOnce = false }) {
      const seen = await read(() => exporterRow(exporter));
      // Looked at without a lock first: most of the time nothing waits.
      if (!seen || (seen.waiting === 0 && seen.holder !== holder)) return { status: 'empty' };
      return write((): Claim => {
        const row = exporterRow(exporter)!;
        const now = Date.now();
        const other = row.holder !== null && row.holder !== holder;
        if (other && isAhead(row.leaseUntil, now) && !isGone(row.holder!))
          return { status: 'held', holder: row.holder! };
        if (!atOnce && isAhead(row.retryAt, now)) return { status: 'resting', until: row.retryAt };
        const rows =
          sessionId === undefined
            ? prepare<[string, number], EventRow>(selectAll).all(exporter, maxEvents)
            : prepare<[string, string, number], EventRow>(selectOfSession).all(
                exporter,
                sessionId,
                maxEvents,
              );
        const last = rows.at(-1);
        if (last) prepare(takeLease).run(holder, now + leaseMs, last.position, exporter);
        else prepare(takeLease).run(null, null, null, exporter);
        const events = rows.map(({ position, data, ...event }) => ({
          ...event,
          data: JSON.parse(data) as AnalyticsEvent['data'],
        }));
        return last ? { status: 'claimed', events, failures: row.failures } : { status: 'empty' };
      });
    },

    async settle({ exporter, holder, leaseMs }, eventIds, outcome) {
      const ids = JSON.stringify(eventIds);
      await write(() => {
        const now = Date.now();
        const { changes } = prepare(deleteWaiting).run(exporter, ids);
        if ('quarantined' in outcome) {
          prepare(insertQuarantined).run(exporter, ids, outcome.quarantined, now);
          prepare(countSettled).run(0, 0, changes, exporter);
        } else {
          const rejected = Math.min(outcome.rejected ?? 0, changes);
          prepare(countSettled).run(changes - rejected, rejected, 0, exporter);
        }
        prepare(keepLease).run(now + leaseMs, exporter, holder);
      });
    },

    async release({ exporter, holder }, failure) {
      await write(() => {
        if (failure) prepare(endLeaseFailed).run(failure.retryAt, failure.error, exporter, holder);
        else prepare(endLease).run(exporter, holder);
      });
    },

    async stillWaiting(exporters, eventIds) {
      const rows = await read(() =>
        prepare<[string, string], { id: string }>(selectStillWaiting).all(
          JSON.stringify(eventIds),
          JSON.stringify(exporters),
        ),
      );
      return new Set(rows.map(({ id }) => id));
    },

    async states() {
      const rows = await read(() => prepare<[], SpoolState>(selectStates).all());
      const now = Date.now();
      return rows.map((row) => ({ ...row, retryAt: isAhead(row.retryAt, now) ? row.retryAt : null }));
    },
  };
}
