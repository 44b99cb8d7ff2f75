/** The local calendar day of a moment in milliseconds. SQLite knows the time zone of the process that asks. */
const localDay = (milliseconds: string) => `date(${milliseconds} / 1000, 'unixepoch', 'localtime')`;

/**
 * Turning a moment into a local day is the dearest part of a sum over a long history, so calls are summed by quarter of an
 * hour first: every time zone since 1972 is off by whole quarters.
 */
const quarter = 'timestamp / 900000';
const dayOfQuarter = localDay('quarter * 900000');

const tiers = ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens'] as const;
const sums = (columns: readonly string[]) => columns.map((one) => `sum(${one}) AS ${one}`).join(', ');

/**
 * Views over the analytics events, for people and for `victor stats`: docs/analytics.md has every column. What nobody
 * knows the price of is NULL in a sum and counted beside it. Each is plain SQL that any SQLite since 3.38 reads, and the
 * two indexes hold whatever the views of calls read, in the very expressions they read it with.
 */
export const analyticsViews = `
  CREATE INDEX analytics_provider_calls ON analytics_events (
    type, timestamp, session_id, data ->> 'provider', data ->> 'model', data ->> 'inputTokens', data ->> 'outputTokens',
    data ->> 'cacheReadTokens', data ->> 'cacheWriteTokens', data ->> 'costUsd'
  ) WHERE type = 'request_end';
  CREATE INDEX analytics_tool_calls ON analytics_events (
    type, timestamp, session_id, data ->> 'tool', data ->> 'denied', data ->> 'isError', data ->> 'durationMs'
  ) WHERE type = 'tool_result';

  CREATE VIEW provider_calls AS
  SELECT ${localDay('timestamp')} AS day, timestamp, session_id,
    coalesce(data ->> 'provider', 'unknown') AS provider, coalesce(data ->> 'model', 'unknown') AS model,
    coalesce(data ->> 'purpose', 'conversation') AS purpose,
    coalesce(data ->> 'inputTokens', 0) AS input_tokens, coalesce(data ->> 'outputTokens', 0) AS output_tokens,
    coalesce(data ->> 'cacheReadTokens', 0) AS cache_read_tokens,
    coalesce(data ->> 'cacheWriteTokens', 0) AS cache_write_tokens,
    data ->> 'costUsd' AS cost_usd, data ->> 'stopReason' AS stop_reason, data ->> 'durationMs' AS duration_ms
  FROM analytics_events WHERE type = 'request_end';

  CREATE VIEW tool_calls AS
  SELECT ${localDay('timestamp')} AS day, timestamp, session_id, coalesce(data ->> 'tool', 'unknown') AS tool,
    CASE WHEN data ->> 'denied' THEN 'denied' WHEN data ->> 'isError' THEN 'failed' ELSE 'done' END AS outcome,
    data ->> 'durationMs' AS duration_ms
  FROM analytics_events WHERE type = 'tool_result';

  CREATE VIEW turns AS
  SELECT ${localDay('timestamp')} AS day, timestamp, session_id,
    coalesce(data ->> 'provider', 'unknown') AS provider, coalesce(data ->> 'model', 'unknown') AS model,
    data ->> 'reason' AS reason, data ->> 'providerCalls' AS calls, data ->> 'costUsd' AS cost_usd,
    data ->> 'durationMs' AS duration_ms
  FROM analytics_events WHERE type IN ('request_end', 'turn_end') AND type = 'turn_end';

  CREATE VIEW daily_cost AS
  SELECT ${dayOfQuarter} AS day, provider, model, ${sums(['turns', 'calls', ...tiers, 'cost_usd', 'unpriced_calls'])}
  FROM (
    SELECT ${quarter} AS quarter, provider, model, 0 AS turns, count(*) AS calls, ${sums([...tiers, 'cost_usd'])},
      count(*) - count(cost_usd) AS unpriced_calls
    FROM provider_calls GROUP BY 1, 2, 3
    UNION ALL
    SELECT ${quarter}, provider, model, count(*), 0, 0, 0, 0, 0, NULL, 0 FROM turns GROUP BY 1, 2, 3
  )
  GROUP BY 1, 2, 3;

  CREATE VIEW cache_hits AS
  SELECT ${dayOfQuarter} AS day, provider, model, ${sums(['calls', 'hits', ...tiers.filter((one) => one !== 'output_tokens')])},
    CAST(sum(cache_read_tokens) AS REAL)
      / nullif(sum(input_tokens + cache_read_tokens + cache_write_tokens), 0) AS read_share
  FROM (
    SELECT ${quarter} AS quarter, provider, model, count(*) AS calls, count(*) FILTER (WHERE cache_read_tokens > 0) AS hits,
      ${sums(tiers.filter((one) => one !== 'output_tokens'))}
    FROM provider_calls GROUP BY 1, 2, 3
  )
  GROUP BY 1, 2, 3;

  CREATE VIEW tool_latency AS
  SELECT day, tool, max(calls) AS calls,
    min(duration_ms) FILTER (WHERE place * 2 >= calls) AS median_ms,
    min(duration_ms) FILTER (WHERE place * 100 >= calls * 95) AS p95_ms,
    max(duration_ms) AS longest_ms, sum(duration_ms) AS total_ms
  FROM (
    SELECT day, tool, duration_ms, count(*) OVER (PARTITION BY day, tool) AS calls,
      row_number() OVER (PARTITION BY day, tool ORDER BY duration_ms) AS place
    FROM tool_calls WHERE outcome <> 'denied'
  )
  GROUP BY day, tool;

  CREATE VIEW denials AS
  SELECT day, tool, count(*) FILTER (WHERE outcome = 'denied') AS denials, count(*) AS calls
  FROM tool_calls GROUP BY day, tool HAVING denials > 0;

  CREATE VIEW compactions AS
  SELECT ${localDay('timestamp')} AS day, data ->> 'strategy' AS strategy,
    CASE WHEN data ->> 'automatic' THEN 'automatic' ELSE 'asked for' END AS start, count(*) AS compactions,
    sum(data ->> 'messagesBefore') AS messages_before, sum(data ->> 'messagesAfter') AS messages_after,
    sum(data ->> 'tokensBefore') AS tokens_before, sum(data ->> 'tokensAfter') AS tokens_after
  FROM analytics_events WHERE type = 'compaction' GROUP BY 1, 2, 3;

  CREATE VIEW errors AS
  SELECT ${localDay('timestamp')} AS day,
    CASE type WHEN 'turn_error' THEN 'turn' WHEN 'request_retry' THEN 'retry' WHEN 'provider_fallback' THEN 'fallback'
      ELSE 'extension' END AS kind,
    CASE type WHEN 'request_retry' THEN data ->> 'provider' WHEN 'provider_fallback' THEN data ->> 'from'
      ELSE data ->> 'name' END AS name,
    CASE type WHEN 'extension_failure' THEN data ->> 'kind' ELSE data ->> 'code' END AS code,
    count(*) AS errors
  FROM analytics_events
  WHERE type IN ('turn_error', 'request_retry', 'provider_fallback', 'extension_failure') GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT day, 'tool', tool, NULL, count(*) FROM tool_calls WHERE outcome = 'failed' GROUP BY day, tool;
`;
