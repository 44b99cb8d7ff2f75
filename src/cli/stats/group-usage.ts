import type { UsageRow } from '../../storage/statistics.js';

export type UsageSum = Omit<UsageRow, 'day' | 'sessionId' | 'provider' | 'model'>;

export interface UsageGroup extends UsageSum {
  readonly key: string;
  readonly sessions: number;
}

const counted = [
  'turns',
  'calls',
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'unpricedCalls',
] as const;

/** The rows with the same key as one, what cost most first. What nobody knows the cost of adds no zero: it stays unknown. */
export function groupUsage(rows: readonly UsageRow[], keyOf: (row: UsageRow) => string): UsageGroup[] {
  const groups = new Map<string, UsageRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups]
    .map(([key, group]) => ({ key, sessions: sessionsIn(group), ...sumUsage(group) }))
    .sort(
      (a, b) =>
        (b.costUsd ?? 0) - (a.costUsd ?? 0) || allTokens(b) - allTokens(a) || (a.key < b.key ? -1 : 1),
    );
}

export function sumUsage(rows: readonly UsageSum[]): UsageSum {
  const sums = counted.map((field) => [field, rows.reduce((sum, row) => sum + row[field], 0)]);
  const known = rows.flatMap(({ costUsd }) => costUsd ?? []);
  const costUsd = known.length === 0 ? null : known.reduce((sum, cost) => sum + cost, 0);
  return { ...(Object.fromEntries(sums) as Omit<UsageSum, 'costUsd'>), costUsd };
}

export function sessionsIn(rows: readonly UsageRow[]): number {
  return new Set(rows.map(({ sessionId }) => sessionId)).size;
}

export function allTokens(sum: UsageSum): number {
  return sum.inputTokens + sum.outputTokens + sum.cacheReadTokens + sum.cacheWriteTokens;
}
