import type { ContextReport } from '../context-report.js';
import { UNCOMPACT, type Uncompaction } from '../core/compaction.js';
import { contextSize } from '../core/context-size.js';
import type * as contract from '../core/coordinator.js';
import { replaceContext } from '../core/replace-context.js';
import type { SessionStore } from '../core/store.js';
import { uncompacted } from '../core/uncompacted.js';
import type { EventPublisher } from '../event-publisher.js';

export interface UncompactOptions {
  readonly context: contract.ContextCoordinator;
  readonly store: Pick<SessionStore, 'readLog'>;
  readonly events: Pick<EventPublisher, 'emit'>;
  readonly report: (sessionId: string) => Promise<ContextReport>;
}

/** Brings back what the last compaction took, durable first; not where the next message would only compact it again. */
export async function uncompactSession(
  { context, store, events, report }: UncompactOptions,
  sessionId: string,
): Promise<Uncompaction> {
  const found = uncompacted(await store.readLog(sessionId));
  if (!found) return { changed: false, reason: 'No compaction of this session is left to take back.' };
  const { messages: now, metadata } = context.getContext(sessionId);
  const before = contextSize(now);
  const after = contextSize(found);
  const { room, why } = roomIn(await report(sessionId));
  if (after.tokens > room) {
    const reason = `The ${after.messages} messages from before are ~${after.tokens} tokens, and ${why} ~${room}.`;
    return { changed: false, reason };
  }
  // What was sent behind a message stands in the log by itself.
  const messages = found.map(({ volatile, ...message }) => message);
  await events.emit(
    { type: 'compaction', strategy: UNCOMPACT, automatic: false, before, after, messages },
    sessionId,
  );
  replaceContext(context, { messages: found, metadata }, sessionId);
  return { changed: true, before, after };
}

function roomIn({ contextWindow, answerTokens, prompt, volatile, tools, outlook }: ContextReport) {
  const fixed = [...prompt, ...volatile, ...tools].reduce((sum, { tokens }) => sum + tokens, 0);
  const all = Math.max(0, contextWindow - answerTokens - fixed);
  return outlook?.automatic && outlook.compactsAtTokens < all
    ? { room: outlook.compactsAtTokens, why: 'messages are compacted again when they pass' }
    : { room: all, why: "the model's window has room for" };
}
