import type { AnalyticsEvent } from './extension.js';
import type { Message } from './message.js';

/** One entry of a session's append-only log; `sequence` alone gives the order. */
export interface LogEntry {
  readonly sequence: number;
  readonly entry: LogRecord;
  readonly timestamp: number;
}

/** What the log holds. Resuming a session is a fold over these. */
export type LogRecord =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'reset' }
  /** The context from here on is exactly these messages. */
  | { readonly type: 'compaction'; readonly messages: readonly Message[]; readonly strategy: string }
  /** These messages left the live context because their turn failed. */
  | { readonly type: 'failed-turn'; readonly messageIds: readonly string[]; readonly error: string };

export interface SessionSummary {
  readonly id: string;
  /** The user's name for it, or the start of the first prompt. */
  readonly title: string;
  /** Absolute path the session was started in. */
  readonly cwd: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Messages in the whole log. */
  readonly messages: number;
}

/** Where sessions live. Every method that writes resolves only when the write is durable. */
export interface SessionStore {
  /** Creates the session when it is new; tells whether it was there already. */
  openSession(id: string, cwd: string): Promise<{ readonly existed: boolean }>;
  appendLog(sessionId: string, entry: LogRecord): Promise<void>;
  readLog(sessionId: string): Promise<readonly LogEntry[]>;
  getSession(id: string): Promise<SessionSummary | undefined>;
  /** Newest first. A prefix of an id narrows the list. */
  listSessions(options?: {
    readonly idPrefix?: string;
    readonly cwd?: string;
    readonly limit?: number;
  }): Promise<readonly SessionSummary[]>;
  renameSession(id: string, title: string): Promise<boolean>;
  deleteSession(id: string): Promise<boolean>;
}

export interface DailyUsage {
  /** Local calendar day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly provider: string;
  readonly model: string;
  readonly turns: number;
  readonly providerCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** US dollars over the calls whose price was known; `null` when none was. */
  readonly costUsd: number | null;
  /** Provider calls whose price was unknown. */
  readonly unpricedCalls: number;
}

/** Where analytics live. */
export interface AnalyticsStore {
  appendEvents(events: readonly AnalyticsEvent[]): Promise<void>;
  readEvents(sessionId: string): Promise<readonly AnalyticsEvent[]>;
  /** Usage by local day and model, newest day first, over the last `days` days. */
  dailyUsage(days: number): Promise<readonly DailyUsage[]>;
}

/** A file as it was before one edit of the agent. */
export interface Checkpoint {
  readonly id: string;
  readonly sessionId: string;
  readonly turnId: string;
  /** Absolute real path. */
  readonly path: string;
  /** `null` when the file did not exist. */
  readonly before: Uint8Array | null;
  /** Permission bits of the file before, or `null`. */
  readonly mode: number | null;
  /** SHA-256 (hex) of what the agent wrote; `null` until the edit is done. */
  readonly afterHash: string | null;
  readonly createdAt: number;
  readonly restored: boolean;
}

export interface CheckpointStore {
  saveCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /** Records what the agent wrote. */
  sealCheckpoint(id: string, afterHash: string): Promise<void>;
  /** Newest first. */
  listCheckpoints(sessionId: string): Promise<readonly Checkpoint[]>;
  getCheckpoint(id: string): Promise<Checkpoint | undefined>;
  markRestored(id: string): Promise<void>;
}

/** All that Victor persists, in one place. */
export interface Store {
  readonly sessions: SessionStore;
  readonly analytics: AnalyticsStore;
  readonly checkpoints: CheckpointStore;
  /** What the user should know about this store: that it is in memory because the disk is full, for example. */
  readonly notices: readonly string[];
  /** Reads all of it and writes once; answers what was seen. Rejects with a `StorageError` that names what is wrong. */
  check?(): Promise<string>;
  close(): Promise<void>;
}
