import { shownTitle } from '../core/shown-title.js';
import { localDay } from './local-day.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** What the provider calls and turns of one day, session and model came to. */
export interface UsageRow {
  /** Local calendar day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly sessionId: string;
  readonly provider: string;
  readonly model: string;
  readonly turns: number;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** US dollars over the calls whose price was known; `null` when none was. */
  readonly costUsd: number | null;
  readonly unpricedCalls: number;
}

/** What the calls of one tool came to. Times are milliseconds of the calls that ran; `null` when none did. */
export interface ToolRow {
  readonly tool: string;
  readonly calls: number;
  readonly failed: number;
  readonly denied: number;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  readonly longestMs: number | null;
  readonly totalMs: number;
}

export interface CompactionRow {
  readonly strategy: string;
  readonly start: 'automatic' | 'asked for';
  readonly compactions: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

export interface ErrorRow {
  readonly kind: 'turn' | 'retry' | 'fallback' | 'extension' | 'tool';
  /** The provider, the extension or the tool; `null` for a turn. */
  readonly name: string | null;
  readonly code: string | null;
  readonly errors: number;
}

export interface SessionRow {
  readonly id: string;
  readonly title: string;
  /** Absolute path it was started in. */
  readonly cwd: string;
}

/** By quarter of an hour first, and by day then: see `schema-analytics.ts`. */
const selectUsage = `
  SELECT date(quarter * 900, 'unixepoch', 'localtime') AS day, session_id AS sessionId, provider, model,
    sum(turns) AS turns, sum(calls) AS calls, sum(input) AS inputTokens, sum(output) AS outputTokens,
    sum(cache_read) AS cacheReadTokens, sum(cache_write) AS cacheWriteTokens,
    sum(cost) AS costUsd, sum(unpriced) AS unpricedCalls
  FROM (
    SELECT timestamp / 900000 AS quarter, session_id, provider, model, 0 AS turns, count(*) AS calls,
      sum(input_tokens) AS input, sum(output_tokens) AS output, sum(cache_read_tokens) AS cache_read,
      sum(cache_write_tokens) AS cache_write, sum(cost_usd) AS cost, count(*) - count(cost_usd) AS unpriced
    FROM provider_calls WHERE timestamp >= :since GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT timestamp / 900000, session_id, provider, model, count(*), 0, 0, 0, 0, 0, NULL, 0
    FROM turns WHERE timestamp >= :since GROUP BY 1, 2, 3, 4
  )
  GROUP BY 1, 2, 3, 4 ORDER BY 1 DESC, 3, 4, 2`;

const ran = "outcome <> 'denied'";

/** The calls of a tool are numbered from the fastest on, those that never ran behind them. */
const selectTools = `
  SELECT tool, count(*) AS calls, count(*) FILTER (WHERE outcome = 'failed') AS failed,
    count(*) FILTER (WHERE outcome = 'denied') AS denied,
    min(duration_ms) FILTER (WHERE ${ran} AND place * 2 >= ran) AS medianMs,
    min(duration_ms) FILTER (WHERE ${ran} AND place * 100 >= ran * 95) AS p95Ms,
    max(duration_ms) FILTER (WHERE ${ran}) AS longestMs,
    coalesce(sum(duration_ms) FILTER (WHERE ${ran}), 0) AS totalMs
  FROM (
    SELECT tool, outcome, duration_ms, count(*) FILTER (WHERE ${ran}) OVER (PARTITION BY tool) AS ran,
      row_number() OVER (PARTITION BY tool ORDER BY outcome = 'denied', duration_ms) AS place
    FROM tool_calls WHERE timestamp >= :since
  )
  GROUP BY tool ORDER BY calls DESC, tool`;

const selectCompactions = `
  SELECT strategy, start, sum(compactions) AS compactions, sum(tokens_before) AS tokensBefore,
    sum(tokens_after) AS tokensAfter
  FROM compactions WHERE day >= ? GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`;

const selectErrors = `
  SELECT kind, name, code, sum(errors) AS errors FROM errors WHERE day >= ? GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3`;

const selectSessions = 'SELECT id, title, cwd FROM sessions';

/** Sums since a moment (milliseconds since 1970), each over one snapshot of the views that docs/analytics.md describes. */
export function readStatistics({ prepare, read }: SqliteConnection, since: number) {
  const by = { since };
  const day = localDay(since);
  return {
    usage: () => read(() => prepare<[object], UsageRow>(selectUsage).all(by)),
    tools: () => read(() => prepare<[object], ToolRow>(selectTools).all(by)),
    compactions: () => read(() => prepare<[string], CompactionRow>(selectCompactions).all(day)),
    sessions: async (): Promise<readonly SessionRow[]> => {
      const rows = await read(() => prepare<[], SessionRow>(selectSessions).all());
      return rows.map((row) => ({ ...row, title: shownTitle(row.title) }));
    },
    errors: () => read(() => prepare<[string], ErrorRow>(selectErrors).all(day)),
  };
}
