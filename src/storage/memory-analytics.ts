import { sep } from 'node:path';
import type { AnalyticsEvent } from '../core/extension.js';
import type { AnalyticsStore, Spending, SpendingQuery } from '../core/store.js';
import type { MemorySpool } from '../delivery/memory-spool.js';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** `folderOf` answers where a session was started; nothing for one that was deleted. */
export function createMemoryAnalytics(
  folderOf: (sessionId: string) => string | undefined,
  spool: MemorySpool,
): AnalyticsStore {
  const events = new Map<string, AnalyticsEvent>();

  return {
    async appendEvents(added, recipients) {
      const fresh: AnalyticsEvent[] = [];
      for (const event of added) {
        if (events.has(event.id)) continue;
        const copy = { ...event, data: { ...event.data } };
        events.set(event.id, copy);
        fresh.push(copy);
      }
      return recipients ? spool.add(fresh, recipients) : [];
    },

    readEvents: async (sessionId) => [...events.values()].filter((event) => event.sessionId === sessionId),

    async spending({ after = 0, ...query }) {
      const sum: Mutable<Spending> = nothingSpent();
      for (const event of [...events.values()].slice(after)) {
        if (event.type === 'request_end' && isAskedFor(event, query, folderOf)) addRequest(event, sum);
      }
      return { ...sum, position: events.size };
    },
  };
}

function nothingSpent(): Spending {
  const tokens = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
  return { providerCalls: 0, ...tokens, costUsd: null, unpricedCalls: 0 };
}

function isAskedFor(
  { sessionId, timestamp }: AnalyticsEvent,
  query: SpendingQuery,
  folderOf: (sessionId: string) => string | undefined,
): boolean {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY, folder } = query;
  if (timestamp < since || timestamp >= until) return false;
  if (query.sessionId !== undefined && query.sessionId !== sessionId) return false;
  if (folder === undefined) return true;
  const from = folderOf(sessionId);
  return from === folder || from?.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`) === true;
}

function addRequest({ data }: AnalyticsEvent, sums: Mutable<Spending>): void {
  sums.providerCalls += 1;
  for (const tier of ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const) {
    sums[tier] += Number(data[tier] ?? 0);
  }
  if (typeof data.costUsd === 'number') sums.costUsd = (sums.costUsd ?? 0) + data.costUsd;
  else sums.unpricedCalls += 1;
}
