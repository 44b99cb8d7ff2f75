import type { AnalyticsEvent } from '../core/extension.js';
import type { AnalyticsStore, DailyUsage } from '../core/store.js';
import { localDay, startOfLastDays } from './local-day.js';

type Sums = { -readonly [Key in keyof DailyUsage]: DailyUsage[Key] };

export function createMemoryAnalytics(): AnalyticsStore {
  const events = new Map<string, AnalyticsEvent>();

  return {
    async appendEvents(added) {
      for (const event of added) {
        if (!events.has(event.id)) events.set(event.id, { ...event, data: { ...event.data } });
      }
    },

    readEvents: async (sessionId) => [...events.values()].filter((event) => event.sessionId === sessionId),

    async dailyUsage(days) {
      const start = startOfLastDays(days);
      const sums = new Map<string, Sums>();
      for (const event of events.values()) {
        if (event.timestamp < start) continue;
        if (event.type === 'turn_end') sumsFor(event, sums).turns += 1;
        else if (event.type === 'request_end') addRequest(event, sumsFor(event, sums));
      }
      return [...sums.values()].sort(
        (a, b) => compare(b.day, a.day) || compare(a.provider, b.provider) || compare(a.model, b.model),
      );
    },
  };
}

function sumsFor({ data, timestamp }: AnalyticsEvent, sums: Map<string, Sums>): Sums {
  const day = localDay(timestamp);
  const provider = String(data.provider ?? 'unknown');
  const model = String(data.model ?? 'unknown');
  const key = JSON.stringify([day, provider, model]);
  let found = sums.get(key);
  if (!found) {
    const tokens = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
    found = { day, provider, model, turns: 0, providerCalls: 0, ...tokens, costUsd: null, unpricedCalls: 0 };
    sums.set(key, found);
  }
  return found;
}

function addRequest({ data }: AnalyticsEvent, sums: Sums): void {
  sums.providerCalls += 1;
  for (const tier of ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const) {
    sums[tier] += Number(data[tier] ?? 0);
  }
  if (typeof data.costUsd === 'number') sums.costUsd = (sums.costUsd ?? 0) + data.costUsd;
  else sums.unpricedCalls += 1;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
