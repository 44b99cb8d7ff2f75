import type { Checkpoint, CheckpointStore } from '../core/checkpoint.js';
import type { DecisionStore } from '../core/decision-store.js';
import { contextLog, lastMessages } from '../core/replay-log.js';
import type {
  AnalyticsStore,
  LogEntry,
  SearchHit,
  SessionStore,
  SessionSummary,
  Spending,
  Store,
} from '../core/store.js';

/** Runs a read with what is in memory, when something is. */
type WithMemory = <T>(read: (memory: Store | undefined) => Promise<T>) => Promise<T>;

/** A part of a position that is in memory: small enough that a stored position stays exact beside it. */
const MEMORY_STEP = 2 ** -20;
/** Beyond every position of a stored change. */
const MEMORY_POSITION = 2 ** 40;

/** What is stored and what is in memory on top of it, read as one. */
export function mergedReads(durable: Store, withMemory: WithMemory) {
  const wholeLog = async (id: string, memory: Store | undefined) =>
    joined(await durable.sessions.readLog(id), (await memory?.sessions.readLog(id)) ?? []);
  const sessions: Partial<SessionStore> = {
    readLog: (id) => withMemory((memory) => wholeLog(id, memory)),
    readContextLog: (id) =>
      withMemory(async (memory) => {
        if (!memory) return durable.sessions.readContextLog(id);
        return contextLog(await wholeLog(id, memory));
      }),
    readTail: (id, count) =>
      withMemory(async (memory) => {
        if (!memory) return durable.sessions.readTail(id, count);
        return lastMessages(await wholeLog(id, memory), count);
      }),
    searchMessages: (query, options = {}) =>
      withMemory(async (memory) => {
        const stored = await durable.sessions.searchMessages(query, options);
        if (!memory) return stored;
        const found = await memory.sessions.searchMessages(query, options);
        const newer: SearchHit[] = [];
        for (const hit of found) {
          const below = await durable.sessions.readLog(hit.session.id);
          const session = merged(await durable.sessions.getSession(hit.session.id), hit.session)!;
          newer.push({ ...hit, session, sequence: lastOf(below) + hit.sequence });
        }
        return [...newer, ...stored].slice(0, options.limit ?? 50);
      }),
    getSession: (id) =>
      withMemory(async (memory) => {
        const stored = await durable.sessions.getSession(id);
        return merged(stored, await memory?.sessions.getSession(id));
      }),
    listSessions: (options = {}) =>
      withMemory(async (memory) => {
        const newer = (await memory?.sessions.listSessions(options)) ?? [];
        const stored = await durable.sessions.listSessions(options);
        const both = new Map(stored.map((session) => [session.id, session]));
        const first: SessionSummary[] = [];
        for (const session of newer) {
          const below = both.get(session.id) ?? (await durable.sessions.getSession(session.id));
          first.push(merged(below, session)!);
          both.delete(session.id);
        }
        return [...first, ...both.values()].slice(0, options.limit);
      }),
  };
  const analytics: Partial<AnalyticsStore> = {
    readEvents: (id) =>
      withMemory(async (memory) => {
        const stored = await durable.analytics.readEvents(id);
        const added = (await memory?.analytics.readEvents(id)) ?? [];
        return [...stored, ...added.filter(({ id: one }) => !stored.some((event) => event.id === one))];
      }),
    spending: (query) =>
      withMemory(async (memory) => {
        const { after, ...rest } = query;
        const stored = after === undefined ? undefined : Math.floor(after);
        const below = await durable.analytics.spending(
          stored === undefined ? rest : { ...rest, after: stored },
        );
        if (!memory) return below;
        const read = after === undefined ? 0 : Math.round((after % 1) / MEMORY_STEP);
        const added = await memory.analytics.spending({ ...rest, after: read });
        return { ...sumOf(below, added), position: below.position + added.position * MEMORY_STEP };
      }),
  };
  const checkpoints: Partial<CheckpointStore> = {
    listCheckpoints: (id) =>
      withMemory(async (memory) => {
        const stored = await durable.checkpoints.listCheckpoints(id);
        if (!memory) return stored;
        const newer = new Map((await memory.checkpoints.listCheckpoints(id)).map((one) => [one.id, one]));
        const same = stored.map((checkpoint) => {
          const now = newer.get(checkpoint.id);
          newer.delete(checkpoint.id);
          return now?.sealed ? { ...checkpoint, after: now.after, sealed: true } : checkpoint;
        });
        const entries = newer.size === 0 ? 0 : lastOf(await durable.sessions.readLog(id));
        return [...[...newer.values()].map((one) => behind(one, entries)), ...same];
      }),
    getCheckpoint: (id) =>
      withMemory(async (memory) => {
        const stored = await durable.checkpoints.getCheckpoint(id);
        const now = await memory?.checkpoints.getCheckpoint(id);
        if (!now) return stored;
        if (!stored) return behind(now, lastOf(await durable.sessions.readLog(now.sessionId)));
        return now.sealed ? { ...stored, after: now.after, sealed: true } : stored;
      }),
    readContent: (hash) =>
      withMemory(
        async (memory) =>
          (await memory?.checkpoints.readContent(hash)) ?? durable.checkpoints.readContent(hash),
      ),
    contentBytes: () =>
      withMemory(
        async (memory) =>
          (await durable.checkpoints.contentBytes()) + ((await memory?.checkpoints.contentBytes()) ?? 0),
      ),
  };
  const decisions: Pick<DecisionStore, 'readDecisions'> = {
    readDecisions: (id) =>
      withMemory(async (memory) => {
        const stored = await durable.decisions.readDecisions(id);
        const added = (await memory?.decisions.readDecisions(id)) ?? [];
        const entries = added.length === 0 ? 0 : lastOf(await durable.sessions.readLog(id));
        const newer = added.map((one) => ({ ...one, afterEntry: entries + (one.afterEntry ?? 0) }));
        return [...stored, ...newer];
      }),
  };
  return { sessions, analytics, checkpoints, decisions };
}

/** A change that is in memory only comes after every stored one, and so does what it knows of the log. */
function behind(checkpoint: Checkpoint, entries: number): Checkpoint {
  const { position, logSequence } = checkpoint;
  return { ...checkpoint, position: MEMORY_POSITION + position, logSequence: entries + logSequence };
}

/** One log: what is in memory goes on where the stored one ends. */
export function joined(stored: readonly LogEntry[], added: readonly LogEntry[]): LogEntry[] {
  const last = lastOf(stored);
  return [...stored, ...added.map((entry) => ({ ...entry, sequence: last + entry.sequence }))];
}

function lastOf(log: readonly LogEntry[]): number {
  const last = log.at(-1);
  return last ? last.sequence + (last.entry.type === 'lost' ? last.entry.entries - 1 : 0) : 0;
}

function merged(
  stored: SessionSummary | undefined,
  added: SessionSummary | undefined,
): SessionSummary | undefined {
  if (!stored || !added) return stored ?? added;
  return {
    ...stored,
    title: added.title || stored.title,
    tags: added.tags,
    updatedAt: added.updatedAt,
    messages: stored.messages + added.messages,
  };
}

function sumOf(a: Spending, b: Spending): Spending {
  return {
    providerCalls: a.providerCalls + b.providerCalls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    costUsd: a.costUsd === null ? b.costUsd : a.costUsd + (b.costUsd ?? 0),
    unpricedCalls: a.unpricedCalls + b.unpricedCalls,
  };
}
