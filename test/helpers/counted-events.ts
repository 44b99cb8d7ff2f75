import { join } from 'node:path';
import type { AnalyticsEvent } from '../../src/core/extension.js';
import { newId } from '../../src/core/id.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';

export interface CountedSession {
  readonly id: string;
  /** Absent: a session that was deleted. */
  readonly cwd?: string;
  readonly title?: string;
  readonly events: readonly Omit<AnalyticsEvent, 'id' | 'sessionId'>[];
}

/** A provider call as it is counted. */
export function counted(
  timestamp: number,
  model: string,
  costUsd: number | null,
  tokens: readonly [input: number, output: number, read: number, written: number] = [100, 10, 0, 0],
): CountedSession['events'][number] {
  const [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens] = tokens;
  const tiers = { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens };
  const data = { provider: 'anthropic', model, ...tiers, costUsd, stopReason: 'end', durationMs: 5 };
  return { type: 'request_end', data, timestamp };
}

/** Puts a past into the database of this VICTOR_HOME, through the store. */
export async function storeCounted(home: string, sessions: readonly CountedSession[]): Promise<void> {
  const store = await openSqliteStore({ file: join(home, 'victor.db') });
  try {
    for (const { id, cwd, title, events } of sessions) {
      if (cwd !== undefined) await store.sessions.openSession(id, cwd);
      if (title !== undefined) await store.sessions.renameSession(id, title);
      await store.analytics.appendEvents(events.map((event) => ({ id: newId(), sessionId: id, ...event })));
    }
  } finally {
    await store.close();
  }
}

/** Noon of the day so many days ago. */
export function daysAgo(days: number): number {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days, 12).getTime();
}
