import type { CheckpointStore } from './checkpoint.js';
import type { DecisionStore } from './decision-store.js';
import type { AnalyticsEvent } from './extension.js';
import type { Message, Role } from './message.js';
import type { DroppedEvents, Recipients, Spool } from './spool.js';
import type { WorkflowEventBody } from './workflow.js';

/** One entry of a session's append-only log; `sequence` alone gives the order. */
export interface LogEntry {
  readonly sequence: number;
  readonly entry: LogRecord;
  readonly timestamp: number;
}

/** What the log holds. Resuming a session is a fold over these. */
export type LogRecord =
  | { readonly type: 'message'; readonly message: Message }
  /** What was sent behind this message; a resumed session sends it there again, or no cache would hold. */
  | { readonly type: 'note'; readonly messageId: string; readonly volatile: string }
  | { readonly type: 'reset' }
  /**
   * From here on the conversation is what it was before the entry that `before` names: the message, or the rewind, of that
   * id. Nothing is deleted, and an entry like this one can be taken back by the next.
   */
  | { readonly type: 'rewind'; readonly id: string; readonly before: string }
  /** The context from here on is exactly these messages. */
  | { readonly type: 'compaction'; readonly messages: readonly Message[]; readonly strategy: string }
  /** These messages left the live context because their turn failed. */
  | { readonly type: 'failed-turn'; readonly messageIds: readonly string[]; readonly error: string }
  /** How far a workflow is, for who goes on with it. No part of the conversation. */
  | WorkflowEventBody
  /** So many entries were here and cannot be read any more; a store puts it in their place, nobody else writes it. */
  | { readonly type: 'lost'; readonly entries: number };

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
  /** Words the user files it under, in alphabetical order. */
  readonly tags: readonly string[];
  /** The session that this one began as a copy of. */
  readonly forkedFrom?: string;
}

/** A session as an export describes it; `forkedFrom` only where that session is here. */
export interface ImportedSession extends Omit<SessionSummary, 'messages'> {
  /** In order; their sequence numbers are given anew. */
  readonly log: readonly Omit<LogEntry, 'sequence'>[];
}

/** A message that has all that was searched for. */
export interface SearchHit {
  readonly session: SessionSummary;
  readonly sequence: number;
  readonly role: Role;
  readonly timestamp: number;
  /** One line from around the first match, keys taken out; where the words were found is `matched`. */
  readonly snippet: readonly SnippetPart[];
}

export interface SnippetPart {
  readonly text: string;
  readonly matched: boolean;
}

/** The process that works in a session. */
export interface SessionHolder {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** The session is this process's until `release`, or until the process ends in whatever way; or another's. */
export type SessionHold =
  | { readonly held: true; release(): Promise<void> }
  | { readonly held: false; readonly holder: SessionHolder };

/** Where sessions live. Every method that writes resolves only when the write is durable. */
export interface SessionStore {
  /** Creates the session when it is new; tells whether it was there already. */
  openSession(id: string, cwd: string): Promise<{ readonly existed: boolean }>;
  appendLog(sessionId: string, entry: LogRecord): Promise<void>;
  readLog(sessionId: string): Promise<readonly LogEntry[]>;
  /** As much of the log as its context is made of: what follows the last reset or compaction, that entry, and every note. */
  readContextLog(sessionId: string): Promise<readonly LogEntry[]>;
  /** The last `count` messages in their order, whatever a reset or a compaction left of them in the context. */
  readTail(sessionId: string, count: number): Promise<readonly Message[]>;
  getSession(id: string): Promise<SessionSummary | undefined>;
  /** Newest first. A prefix of an id narrows the list. What subagents said is left out, unless their parent is named. */
  listSessions(options?: {
    readonly idPrefix?: string;
    readonly cwd?: string;
    readonly tag?: string;
    /** The id of a session: those of its subagents, and no other. */
    readonly subagentsOf?: string;
    /** Milliseconds since 1970: only sessions that were changed last before. */
    readonly before?: number;
    readonly limit?: number;
  }): Promise<readonly SessionSummary[]>;
  renameSession(id: string, title: string): Promise<boolean>;
  /** Adds and takes away tags; one that is there already, or not there, is no error. */
  tagSession(
    id: string,
    tags: { readonly add?: readonly string[]; readonly remove?: readonly string[] },
  ): Promise<boolean>;
  /** Makes `copyId` a copy of the session as it is now; `false` where there is none or that id is taken. */
  forkSession(id: string, copyId: string): Promise<boolean>;
  /** `false` where the id is taken; nothing is changed then. */
  importSession(session: ImportedSession): Promise<boolean>;
  /**
   * Messages with every word of the query, the best match first. A word stands for itself in whatever case and accents, one
   * that ends with `*` for all that begin so, and `"several words"`, or words with signs between, for themselves in this order. Of
   * words that thousands of messages have, those of the sessions begun last come first. Rejects with a
   * `ConfigError` when there is no letter or digit to look for. Nothing that was appended before the call is missed.
   */
  searchMessages(
    query: string,
    options?: { readonly sessionId?: string; readonly limit?: number },
  ): Promise<readonly SearchHit[]>;
  /** Takes the session for this process, unless another one that runs has it. It need not exist yet. */
  holdSession(id: string): Promise<SessionHold>;
  /** Those of its subagents go along. */
  deleteSession(id: string): Promise<boolean>;
}

/** Which provider calls are summed: all that fit everything that is said. */
export interface SpendingQuery {
  /** Milliseconds since 1970: from this moment on, and before that one. */
  readonly since?: number;
  readonly until?: number;
  readonly sessionId?: string;
  /** Absolute path: sessions that were started there or below it, and are not deleted. */
  readonly folder?: string;
  /** Only what was stored after this `position` was answered. */
  readonly after?: number;
}

/** What provider calls came to. */
export interface Spending {
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
  /**
   * Stores events, and lets those that are new wait in the spool for the recipients. Answers what somebody does not get:
   * an event that cannot be sent, or the oldest, to make room.
   */
  appendEvents(events: readonly AnalyticsEvent[], recipients?: Recipients): Promise<readonly DroppedEvents[]>;
  readEvents(sessionId: string): Promise<readonly AnalyticsEvent[]>;
  /** The sum over provider calls, and how far the store is read with it. */
  spending(query: SpendingQuery): Promise<Spending & { readonly position: number }>;
}

/** All that Victor persists, in one place. */
export interface Store {
  readonly sessions: SessionStore;
  readonly analytics: AnalyticsStore;
  readonly checkpoints: CheckpointStore;
  readonly spool: Spool;
  readonly decisions: DecisionStore;
  /** What the user should know about this store: that it is in memory because the disk is full, for example. */
  readonly notices: readonly string[];
  /** Those of `notices` that tell what was put right while the store was opened: there is nothing left to do. */
  readonly mended?: readonly string[];
  /** Has the listener told what comes up later: that the disk is full, or takes writes again. */
  onNotice?(listener: (text: string) => void): void;
  /** Reads all of it and writes once; answers what was seen. Rejects with a `StorageError` that names what is wrong. */
  check?(): Promise<string>;
  close(): Promise<void>;
}
