import type { Grouping } from '../commands/stats.js';
import { groupUsage, sessionsIn, sumUsage, type UsageSum } from './group-usage.js';
import { keyOf } from './groupings.js';
import type { Statistics } from './statistics-of-days.js';

/** What was counted, as data: `cost_usd` is `null` where no price was known, and `unpriced_calls` are not in it. */
export function statsJson(statistics: Statistics, by: Grouping, days: number) {
  const { usage } = statistics;
  return {
    days,
    by,
    sessions: sessionsIn(usage),
    total: sumObject(sumUsage(usage)),
    usage: usageObjects(statistics),
    groups: groupObjects(statistics, by),
  };
}

function usageObjects({ usage }: Statistics) {
  const groups = groupUsage(usage, ({ day, provider, model }) => JSON.stringify([day, provider, model]));
  return groups
    .map((group) => {
      const [day, provider, model] = JSON.parse(group.key) as [string, string, string];
      return { day, provider, model, ...sumObject(group) };
    })
    .sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0));
}

function groupObjects(statistics: Statistics, by: Grouping): readonly object[] {
  if (by === 'tool') return statistics.tools.map(toolObject);
  return groupUsage(statistics.usage, (row) => keyOf(row, by, statistics)).map((group) => {
    const { key, sessions } = group;
    if (by !== 'session') return { [by]: key === '' ? null : key, sessions, ...sumObject(group) };
    const title = statistics.session(key)?.title ?? null;
    return { session: key, title, project: statistics.project(key) ?? null, ...sumObject(group) };
  });
}

function sumObject(sum: UsageSum) {
  return {
    turns: sum.turns,
    provider_calls: sum.calls,
    input: sum.inputTokens,
    output: sum.outputTokens,
    cache_read: sum.cacheReadTokens,
    cache_write: sum.cacheWriteTokens,
    cost_usd: sum.costUsd,
    unpriced_calls: sum.unpricedCalls,
  };
}

function toolObject({
  tool,
  calls,
  failed,
  denied,
  medianMs,
  p95Ms,
  longestMs,
  totalMs,
}: Statistics['tools'][number]) {
  const times = { median_ms: medianMs, p95_ms: p95Ms, longest_ms: longestMs, total_ms: totalMs };
  return { tool, calls, failed, denied, ...times };
}
