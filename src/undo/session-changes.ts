import type { Coordinators } from '../core/coordinator.js';
import { ConfigError } from '../core/errors.js';
import type { EventBody } from '../core/event.js';
import { newId } from '../core/id.js';
import { currentLine, lastRewind } from '../core/log-line.js';
import { typedText } from '../core/message.js';
import { replaceContext } from '../core/replace-context.js';
import { replayLog } from '../core/replay-log.js';
import type { FileDiff, RestorePlan, RestoreRequest } from '../core/restore.js';
import type * as contract from '../core/session-changes.js';
import type { AppliedChanges, ChangesPreview, ChangesRequest, Prompt } from '../core/session-changes.js';
import type { LogEntry, SessionStore } from '../core/store.js';
import { estimateTokens } from '../core/tokens.js';
import type { Tool } from '../core/tool.js';
import { uncoveredCalls } from './uncovered-calls.js';

export interface SessionChangesOptions {
  readonly coordinators: Pick<Coordinators, 'checkpoint' | 'context' | 'tool'>;
  readonly store: Pick<SessionStore, 'listSessions' | 'readLog'>;
  /** The session when none is named. */
  readonly sessionId: string;
  /** Opens the session and waits for its running turn; call the answer when done. */
  readonly acquire: (sessionId: string) => Promise<() => void>;
  /** Resolves when the event is in the log. */
  readonly emit: (event: EventBody, sessionId: string) => Promise<void>;
}

/** Takes back what a session did: files by their checkpoints, the conversation by an entry in its log. */
export class SessionChanges implements contract.SessionChanges {
  readonly #with: SessionChangesOptions;

  constructor(options: SessionChangesOptions) {
    this.#with = options;
  }

  async prompts(sessionId = this.#with.sessionId): Promise<readonly Prompt[]> {
    const line = currentLine(await this.#with.store.readLog(sessionId));
    const failed = new Set(
      line.flatMap(({ entry }) => (entry.type === 'failed-turn' ? entry.messageIds : [])),
    );
    return line.flatMap(({ entry, timestamp }) => {
      if (entry.type !== 'message' || entry.message.role !== 'user') return [];
      const { id, summary, command } = entry.message;
      const text = typedText(entry.message);
      return summary || command || failed.has(id) ? [] : [{ messageId: id, text, timestamp }];
    });
  }

  async preview(request: ChangesRequest, sessionId = this.#with.sessionId): Promise<ChangesPreview> {
    const { coordinators, store } = this.#with;
    const { checkpoint, tool } = coordinators;
    if (!checkpoint.preview) throw notOffered('preview');
    const log = await store.readLog(sessionId);
    const files = await checkpoint.preview(sessionId, restoreRequest(request, log));
    const start = files.since === null ? undefined : turnStart(log, files.since);
    const tools = tool.list(sessionId);
    const own = files.since === null ? [] : uncoveredCalls(log, start?.sequence ?? 0, tools);
    const theirs =
      files.since === null ? [] : await this.#subagentCalls(sessionId, start?.timestamp ?? 0, tools);
    const uncovered = [...own, ...theirs];
    const before = goesBackTo(request, log);
    const conversation = before === undefined ? null : { before, messages: rewound(log, before).length };
    return { files, prompt: start?.text ?? null, uncovered, conversation };
  }

  async apply(
    { files, conversation }: ChangesPreview,
    parts: { readonly files: boolean; readonly conversation: boolean },
  ): Promise<AppliedChanges> {
    const release = await this.#with.acquire(files.sessionId);
    try {
      const done = parts.files ? await this.#applyFiles(files) : { restored: [], left: [] };
      if (!parts.conversation || !conversation) return { ...done, conversation: false };
      await this.#rewind(conversation.before, files.sessionId);
      return { ...done, conversation: true };
    } finally {
      release();
    }
  }

  async diff(sessionId = this.#with.sessionId): Promise<readonly FileDiff[]> {
    const { checkpoint } = this.#with.coordinators;
    if (!checkpoint.diff) throw notOffered('diff');
    return checkpoint.diff(sessionId);
  }

  /** What subagents ran since; of each all is new or nothing, because it works within one turn. */
  async #subagentCalls(sessionId: string, since: number, tools: readonly Tool[]): Promise<readonly string[]> {
    const { store } = this.#with;
    const children = await store.listSessions({ subagentsOf: sessionId });
    const recent = children.filter(({ createdAt }) => createdAt >= since).reverse();
    const logs = await Promise.all(recent.map(({ id }) => store.readLog(id)));
    return logs.flatMap((log) => uncoveredCalls(log, 0, tools));
  }

  #applyFiles(plan: RestorePlan) {
    const { checkpoint } = this.#with.coordinators;
    if (!checkpoint.apply) throw notOffered('apply');
    return checkpoint.apply(plan);
  }

  /** Durable first: the entry is in the log before the model sees less. */
  async #rewind(before: string, sessionId: string): Promise<void> {
    const { store, emit, coordinators } = this.#with;
    const messages = rewound(await store.readLog(sessionId), before);
    const after = { messages: messages.length, tokens: estimateTokens(messages) };
    await emit({ type: 'rewind', rewindId: newId(), before, after }, sessionId);
    const { metadata } = coordinators.context.getContext(sessionId);
    replaceContext(coordinators.context, { messages, metadata }, sessionId);
  }
}

function restoreRequest(request: ChangesRequest, log: readonly LogEntry[]): RestoreRequest {
  if (request.action !== 'rewind') return request;
  const { messageId } = request;
  const found = log.find(({ entry }) => entry.type === 'message' && entry.message.id === messageId);
  if (found) return { action: 'rewind', sequence: found.sequence };
  throw new ConfigError(`This session has no message ${messageId}.`, {
    advice: 'Ask for its prompts first.',
  });
}

/** What the user had said when the log had so many entries. */
function turnStart(log: readonly LogEntry[], sequence: number) {
  const said = log.findLast(
    (one) =>
      one.sequence <= sequence &&
      one.entry.type === 'message' &&
      one.entry.message.role === 'user' &&
      !one.entry.message.summary,
  );
  if (said?.entry.type !== 'message') return undefined;
  return { sequence: said.sequence, timestamp: said.timestamp, text: typedText(said.entry.message) };
}

function goesBackTo(request: ChangesRequest, log: readonly LogEntry[]): string | undefined {
  if (request.action === 'rewind') return request.messageId;
  return request.action === 'redo' ? lastRewind(log) : undefined;
}

/** What the model would see after a rewind to before `before`. */
function rewound(log: readonly LogEntry[], before: string) {
  const entry = { type: 'rewind', id: newId(), before } as const;
  return replayLog([...log, { sequence: (log.at(-1)?.sequence ?? 0) + 1, entry, timestamp: 0 }]);
}

function notOffered(method: string): ConfigError {
  return new ConfigError(`The checkpoint coordinator in use has no ${method}.`, {
    advice: 'Give it one, or leave the built-in one in place.',
  });
}
