import type { AnalyticsEvent } from '../core/extension.js';
import type { MetricDefinition, MetricRegistry } from './metric-registry.js';

type Data = AnalyticsEvent['data'];

/** Seconds: from a local command to a long answer. */
const buckets = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** One for every event: what tells how far somebody has counted. */
export const eventCount = counter('victor_events_total', 'Everything that was counted.', ['type']);
const turns = counter('victor_turns_total', 'Turns that ended, by how they did.', ['outcome']);
const turnErrors = counter('victor_turn_errors_total', 'Turns that failed, by code.', ['code']);
const retries = counter('victor_request_retries_total', 'Requests tried again.', ['provider', 'code']);
const toolCalls = counter('victor_tool_calls_total', 'Tool calls, by how they ended.', ['tool', 'outcome']);
const tokens = counter('victor_tokens_total', 'Tokens of requests.', ['type', 'model']);
const cost = counter('victor_cost_usd_total', 'US dollars of requests whose price is known.', ['model']);
const unpriced = counter('victor_unpriced_requests_total', 'Requests without a known price.', ['model']);
const compactions = counter('victor_compactions_total', 'Times a context was made smaller.', ['strategy']);
const failures = counter('victor_extension_failures_total', 'Failures of extensions.', ['kind', 'name']);

const turnSeconds = histogram('victor_turn_duration_seconds', 'Seconds a turn took.', []);
const requestSeconds = histogram('victor_request_duration_seconds', 'Seconds a request took.', [
  'provider',
  'model',
]);
const toolSeconds = histogram('victor_tool_duration_seconds', 'Seconds a tool call took.', ['tool']);

/** Everything that `countEvent` counts. */
export const eventMetrics: readonly MetricDefinition[] = [
  eventCount,
  turns,
  turnErrors,
  retries,
  toolCalls,
  tokens,
  cost,
  unpriced,
  compactions,
  failures,
  turnSeconds,
  requestSeconds,
  toolSeconds,
];

/** Counts one event. Tokens and money are those of requests alone: the end of a turn repeats the sums of its requests. */
export function countEvent(registry: MetricRegistry, { type, data }: AnalyticsEvent): void {
  registry.add(eventCount, [type], 1);
  switch (type) {
    case 'turn_end':
      registry.add(turns, [text(data, 'reason')], 1);
      registry.add(turnSeconds, [], seconds(data));
      break;
    case 'turn_error':
      registry.add(turns, ['error'], 1);
      registry.add(turnErrors, [text(data, 'code')], 1);
      break;
    case 'request_retry':
      registry.add(retries, [text(data, 'provider'), text(data, 'code')], 1);
      break;
    case 'request_end':
      countRequest(registry, data);
      break;
    case 'tool_result':
      registry.add(toolCalls, [text(data, 'tool'), outcome(data)], 1);
      if (data.denied !== true) registry.add(toolSeconds, [text(data, 'tool')], seconds(data));
      break;
    case 'compaction':
      registry.add(compactions, [text(data, 'strategy')], 1);
      break;
    case 'extension_failure':
      registry.add(failures, [text(data, 'kind'), text(data, 'name')], 1);
      break;
  }
}

function countRequest(registry: MetricRegistry, data: Data): void {
  const model = text(data, 'model');
  registry.add(requestSeconds, [text(data, 'provider'), model], seconds(data));
  for (const [type, key] of tokenTypes) registry.add(tokens, [type, model], number(data, key));
  if (data.costUsd === null) registry.add(unpriced, [model], 1);
  else registry.add(cost, [model], number(data, 'costUsd'));
}

const tokenTypes = [
  ['input', 'inputTokens'],
  ['output', 'outputTokens'],
  ['cache_read', 'cacheReadTokens'],
  ['cache_write', 'cacheWriteTokens'],
] as const;

function outcome(data: Data): string {
  if (data.denied === true) return 'denied';
  return data.isError === true ? 'error' : 'success';
}

function text(data: Data, key: string): string {
  const value = data[key];
  return value === undefined || value === null ? 'unknown' : String(value);
}

function number(data: Data, key: string): number {
  const value = data[key];
  return typeof value === 'number' ? value : Number.NaN;
}

function seconds(data: Data): number {
  return number(data, 'durationMs') / 1000;
}

function counter(name: string, help: string, labels: readonly string[]): MetricDefinition {
  return { name, help, labels };
}

function histogram(name: string, help: string, labels: readonly string[]): MetricDefinition {
  return { name, help, labels, buckets };
}
