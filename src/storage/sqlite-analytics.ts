import { sep } from 'node:path';
import type { AnalyticsEvent } from '../core/extension.js';
import type { AnalyticsStore, Spending, SpendingQuery } from '../core/store.js';
import { spoolEvents, storedEvent } from './spool-events.js';
import type { SqliteConnection } from './sqlite-connection.js';

type EventRow = Omit<AnalyticsEvent, 'data'> & { readonly data: string };

/** An event that comes again (same id) counts once. */
const insertEvent = `
  INSERT INTO analytics_events (id, session_id, type, data, timestamp) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (id) DO NOTHING`;

const selectEvents = `
  SELECT id, session_id AS sessionId, type, data, timestamp FROM analytics_events
  WHERE session_id = ? ORDER BY position`;

const sumOf = (field: string) => `coalesce(sum(data ->> '${field}') FILTER (WHERE type = 'request_end'), 0)`;

/** Tokens and money are those of provider calls alone: a turn's end repeats the sums of its calls. */
const sums = `
    count(*) FILTER (WHERE type = 'request_end') AS providerCalls,
    ${sumOf('inputTokens')} AS inputTokens,
    ${sumOf('outputTokens')} AS outputTokens,
    ${sumOf('cacheReadTokens')} AS cacheReadTokens,
    ${sumOf('cacheWriteTokens')} AS cacheWriteTokens,
    sum(data ->> 'costUsd') FILTER (WHERE type = 'request_end') AS costUsd,
    count(*) FILTER (WHERE type = 'request_end' AND data ->> 'costUsd' IS NULL) AS unpricedCalls`;

const selectPosition = 'SELECT coalesce(max(position), 0) AS position FROM analytics_events';

/**
 * The condition of a query and its parameters, in order. A plus keeps an index from being used: what is new since a position
 * is few rows at the end of the table, whatever else is asked of them.
 */
function spendingCondition({ since, until, sessionId, folder, after }: SpendingQuery) {
  const by = after === undefined ? '' : '+';
  const conditions: [string, ...(string | number)[]][] = [["type IN ('request_end', 'turn_end')"]];
  if (after !== undefined) conditions.push(['position > ?', after]);
  if (since !== undefined) conditions.push([`${by}timestamp >= ?`, since]);
  if (until !== undefined) conditions.push([`${by}timestamp < ?`, until]);
  if (sessionId !== undefined) conditions.push([`${by}session_id = ?`, sessionId]);
  if (folder !== undefined) {
    const below = folder.endsWith(sep) ? folder : `${folder}${sep}`;
    const sessions = 'SELECT id FROM sessions WHERE cwd = ? OR substr(cwd, 1, ?) = ?';
    conditions.push([`${by}session_id IN (${sessions})`, folder, [...below].length, below]);
  }
  const where = conditions.map(([text]) => text).join(' AND ');
  return { where, parameters: conditions.flatMap(([, ...given]) => given) };
}

export function createSqliteAnalytics({ prepare, read, write }: SqliteConnection): AnalyticsStore {
  return {
    async appendEvents(events, recipients) {
      if (events.length === 0) return [];
      const rows = events.map((event) => ({ event, data: JSON.stringify(event.data) }));
      return write(() => {
        const stored = rows.flatMap(({ event, data }) => {
          const { id, sessionId, type, timestamp } = event;
          const { changes, lastInsertRowid } = prepare(insertEvent).run(id, sessionId, type, data, timestamp);
          return changes > 0 ? [storedEvent(event, data, lastInsertRowid)] : [];
        });
        return recipients ? spoolEvents({ prepare }, stored, recipients) : [];
      });
    },

    async readEvents(sessionId) {
      const rows = await read(() => prepare<[string], EventRow>(selectEvents).all(sessionId));
      return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as AnalyticsEvent['data'] }));
    },

    spending(query) {
      const { where, parameters } = spendingCondition(query);
      // One snapshot: nothing lies between the sum and the position.
      return read(() => ({
        ...prepare<unknown[], Spending>(`SELECT ${sums} FROM analytics_events WHERE ${where}`).get(
          ...parameters,
        )!,
        ...prepare<[], { position: number }>(selectPosition).get()!,
      }));
    },
  };
}
