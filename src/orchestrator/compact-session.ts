import type { ContextCoordinator } from '../coordinators/context.js';
import { contextSize, focused } from '../core/context-size.js';
import type * as contract from '../core/coordinator.js';
import type { Compaction } from '../core/coordinator.js';
import { replaceContext } from '../core/replace-context.js';
import type { EventPublisher } from '../event-publisher.js';

/**
 * Compacts an open session now, whatever its threshold, applies the result and tells it. `focus` is the current task for
 * this one compaction.
 */
export async function compactSession(
  context: contract.ContextCoordinator,
  events: Pick<EventPublisher, 'emit'>,
  sessionId: string,
  focus = '',
): Promise<Compaction> {
  const original = context.getContext(sessionId);
  const given = focused(original, focus);
  const answer = await context.compactContext(given, sessionId);
  const strategy = (context as Partial<ContextCoordinator>).strategyOf?.(answer) ?? 'custom';
  // The focus was for the strategy alone.
  const compacted = {
    messages: answer.messages,
    metadata: focus === '' ? answer.metadata : original.metadata,
  };
  const before = contextSize(original.messages);
  const after = contextSize(compacted.messages);
  const changed = answer !== given && after.tokens !== before.tokens;
  if (changed) {
    replaceContext(context, compacted, sessionId);
    const { messages } = compacted;
    await events.emit({ type: 'compaction', strategy, automatic: false, before, after, messages }, sessionId);
  }
  return { strategy, changed, before, after, context: compacted };
}
