import type { AnalyticsEvent } from '../core/extension.js';
import type { AnalyticsStore, DailyUsage } from '../core/store.js';
import { startOfLastDays } from './local-day.js';
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
const selectDailyUsage = `
  SELECT date(timestamp / 1000, 'unixepoch', 'localtime') AS day,
    coalesce(data ->> 'provider', 'unknown') AS provider,
    coalesce(data ->> 'model', 'unknown') AS model,
    count(*) FILTER (WHERE type = 'turn_end') AS turns,
    count(*) FILTER (WHERE type = 'request_end') AS providerCalls,
    ${sumOf('inputTokens')} AS inputTokens,
    ${sumOf('outputTokens')} AS outputTokens,
    ${sumOf('cacheReadTokens')} AS cacheReadTokens,
    ${sumOf('cacheWriteTokens')} AS cacheWriteTokens,
    sum(data ->> 'costUsd') FILTER (WHERE type = 'request_end') AS costUsd,
    count(*) FILTER (WHERE type = 'request_end' AND data ->> 'costUsd' IS NULL) AS unpricedCalls
  FROM analytics_events
  WHERE type IN ('request_end', 'turn_end') AND timestamp >= ?
  GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3`;

export function createSqliteAnalytics({ prepare, read, write }: SqliteConnection): AnalyticsStore {
  return {
    async appendEvents(events) {
      if (events.length === 0) return;
      const rows = events.map(
        ({ id, sessionId, type, data, timestamp }) =>
          [id, sessionId, type, JSON.stringify(data), timestamp] as const,
      );
      await write(() => {
        for (const row of rows) prepare(insertEvent).run(...row);
      });
    },

    async readEvents(sessionId) {
      const rows = await read(() => prepare<[string], EventRow>(selectEvents).all(sessionId));
      return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as AnalyticsEvent['data'] }));
    },

    dailyUsage: (days) =>
      read(() => prepare<[number], DailyUsage>(selectDailyUsage).all(startOfLastDays(days))),
  };
}
