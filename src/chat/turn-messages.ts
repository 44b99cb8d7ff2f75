import type { ContextCoordinator } from '../core/coordinator.js';
import { errorData } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';
import { type Message, toolMessage } from '../core/message.js';
import { replaceContext } from '../core/replace-context.js';
import { event } from './turn-event.js';
import type { Progress } from './turn-progress.js';

type Events = AsyncGenerator<VictorEvent, void>;

/** What is said of a call that has no result when its turn ends. */
export const interrupted = 'Interrupted before it ran or ended.';

/** The message becomes part of the context when its event is asked for the next, that is, once it is durable. */
export async function* appendMessage(
  context: ContextCoordinator,
  { turn, added }: Progress,
  message: Message,
): Events {
  try {
    yield event(turn, { type: 'message', message });
  } finally {
    // Also when the consumer stops listening here: the log has it by now.
    context.append([message], turn.sessionId);
    added.push(message);
  }
}

/** Gives every call of this turn that has no result one that says so. */
export async function* closeCalls(context: ContextCoordinator, progress: Progress, content: string): Events {
  const answered = new Set(progress.added.map((message) => message.toolCallId));
  for (const call of progress.added.flatMap((message) => message.toolCalls ?? [])) {
    if (!answered.has(call.id)) {
      yield* appendMessage(context, progress, toolMessage(call, content, true));
    }
  }
}

/** A failed turn leaves the context, unless tools already ran. */
export async function* failTurn(context: ContextCoordinator, progress: Progress, error: unknown): Events {
  const { turn, added } = progress;
  if (progress.toolsRan) {
    yield* closeCalls(context, progress, interrupted);
    yield event(turn, { type: 'turn-error', error: errorData(error), removed: [] });
    return;
  }
  const removed = new Set(added.map((message) => message.id));
  const { messages, metadata } = context.getContext(turn.sessionId);
  const kept = messages.filter((message) => !removed.has(message.id));
  replaceContext(context, { messages: kept, metadata }, turn.sessionId);
  yield event(turn, {
    type: 'turn-error',
    error: errorData(error),
    retryText: turn.text,
    removed: [...removed],
  });
}
