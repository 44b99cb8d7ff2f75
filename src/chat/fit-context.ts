import type { Compaction, ContextCoordinator, Turn } from '../core/coordinator.js';
import type { VictorEvent } from '../core/event.js';
import { estimateTokens } from '../core/tokens.js';
import { untilAborted } from '../core/until-aborted.js';
import { event } from './turn-event.js';
import type { Progress } from './turn-progress.js';

/** Of the tokens that a provider refused as too many: what is left after they are compacted. */
const REFUSED_SHARE = 0.6;

/** Compacts the history when it has outgrown its threshold of `budget` tokens. */
export async function* fitContext(
  context: ContextCoordinator,
  { turn, signal, providerCalls }: Progress,
  budget: number,
): AsyncGenerator<VictorEvent, void> {
  const fitting = Promise.resolve(context.fit?.(turn.sessionId, budget, signal, providerCalls > 0));
  const compaction = await untilAborted(fitting, signal);
  if (compaction?.changed) yield compactionEvent(turn, compaction);
}

/** Compacts what the provider refused as too long, whatever its size was thought to be. Whether it became smaller. */
export async function* shrinkContext(
  context: ContextCoordinator,
  { turn, signal }: Progress,
): AsyncGenerator<VictorEvent, boolean> {
  const tokens = estimateTokens(context.getContext(turn.sessionId).messages);
  const budget = Math.floor(tokens * REFUSED_SHARE);
  // What cannot be made smaller fails with what the provider said of it.
  const fitting = Promise.resolve(context.fit?.(turn.sessionId, budget, signal)).catch(() => undefined);
  const compaction = await untilAborted(fitting, signal);
  if (!compaction?.changed) return false;
  yield compactionEvent(turn, compaction);
  return true;
}

function compactionEvent(turn: Turn, { strategy, before, after, context }: Compaction): VictorEvent {
  const { messages } = context;
  return event(turn, { type: 'compaction', strategy, automatic: true, before, after, messages });
}
