import type { CacheBreak } from './core/cache-break.js';
import type { VictorEvent } from './core/event.js';
import type { AnalyticsEvent } from './core/extension.js';
import { contextTokens, type Usage } from './core/usage.js';

/** One request of a session, as far as its provider's cache goes. */
export interface CachedRequest extends Pick<Usage, 'inputTokens' | 'cacheReadTokens' | 'cacheWriteTokens'> {
  /** The first since the session began, or since it was resumed: there is nothing to compare it with. */
  readonly first?: 'new' | 'resumed';
  readonly cacheBreak?: CacheBreak;
}

/** The last requests of a session, oldest first. */
export interface CacheHistory {
  readonly requests: readonly CachedRequest[];
  /** How the session was opened, until its first request. */
  readonly opened?: 'new' | 'resumed' | undefined;
}

export const emptyCacheHistory: CacheHistory = { requests: [] };

const MAX_REQUESTS = 50;

/** The history after this event. Pure; the same object for events that are not about it. */
export function reduceCacheHistory(history: CacheHistory, event: VictorEvent): CacheHistory {
  switch (event.type) {
    case 'session-open':
      return withOpening(history, event.messages > 0);
    case 'request-end':
      return event.purpose === undefined && contextTokens(event.usage) > 0
        ? withRequest(history, event.usage)
        : history;
    case 'cache-break':
      return withBreak(history, event.cacheBreak);
    default:
      return history;
  }
}

/** The same from what was counted, for a session of an earlier process. */
export function cacheHistoryOf(events: readonly AnalyticsEvent[]): CacheHistory {
  return events.reduce((history, { type, data }) => {
    if (type === 'session_open') return withOpening(history, data.messages !== 0);
    if (type === 'cache_break') return withBreak(history, breakOf(data));
    if (type !== 'request_end' || data.purpose !== undefined || data.stopReason === 'interrupted')
      return history;
    const { inputTokens, cacheReadTokens, cacheWriteTokens } = data as unknown as CachedRequest;
    return withRequest(history, { inputTokens, cacheReadTokens, cacheWriteTokens });
  }, emptyCacheHistory);
}

function withOpening(history: CacheHistory, resumed: boolean): CacheHistory {
  return { ...history, opened: resumed ? 'resumed' : 'new' };
}

function withRequest({ requests, opened }: CacheHistory, tokens: CachedRequest): CacheHistory {
  const { inputTokens, cacheReadTokens, cacheWriteTokens } = tokens;
  const first = opened === undefined ? {} : { first: opened };
  const request = { inputTokens, cacheReadTokens, cacheWriteTokens, ...first };
  return { requests: [...requests, request].slice(-MAX_REQUESTS) };
}

/** It follows the request that it is about. */
function withBreak(history: CacheHistory, cacheBreak: CacheBreak): CacheHistory {
  const last = history.requests.at(-1);
  if (!last) return history;
  return { ...history, requests: [...history.requests.slice(0, -1), { ...last, cacheBreak }] };
}

function breakOf(data: AnalyticsEvent['data']): CacheBreak {
  const { cause, byKind, by, segment, expectedTokens, readTokens } = data;
  return { cause, by: { kind: byKind, name: by }, segment, expectedTokens, readTokens } as CacheBreak;
}
