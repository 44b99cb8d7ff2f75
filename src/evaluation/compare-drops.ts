import type { MessageLine } from '../core/compaction.js';
import type { EvaluationScore } from '../core/evaluation.js';
import type { Message } from '../core/message.js';
import { messageLine } from '../core/message-line.js';

/** A message that one strategy leaves out and others keep. */
export interface ContestedMessage extends MessageLine {
  readonly id: string;
  readonly keptBy: readonly string[];
}

/**
 * Of each score the messages that it alone, or with few others, leaves out: those first that most others keep. The scores
 * are of one case and one budget.
 */
export function compareDrops(
  messages: readonly Message[],
  scores: readonly EvaluationScore[],
): ReadonlyMap<EvaluationScore, readonly ContestedMessage[]> {
  const tried = scores.filter(({ problem }) => problem === undefined);
  const gone = new Map(tried.map((score) => [score, new Set(score.dropped)]));
  const byId = new Map(messages.map((message) => [message.id, message]));
  const all = tried.map((score) => {
    const contested = score.dropped.flatMap((id): ContestedMessage[] => {
      const message = byId.get(id);
      const keptBy = tried.filter((one) => !gone.get(one)!.has(id)).map(({ strategy }) => strategy);
      return message && keptBy.length > 0 ? [{ id, ...messageLine(message), keptBy }] : [];
    });
    // The sort is stable: those that equally many keep stay in the order of the conversation.
    return [score, contested.sort((a, b) => b.keptBy.length - a.keptBy.length)] as const;
  });
  return new Map(all);
}
