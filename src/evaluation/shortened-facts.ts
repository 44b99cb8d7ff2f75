import type { EvaluationScore, FactScore } from '../core/evaluation.js';
import type { Message } from '../core/message.js';
import { factsOf } from './pinned-facts.js';

/**
 * Of each score the facts that it lost though the message that shows them is there, because something of it was left out.
 * Whether that was what matters nobody knows. The scores are of one case.
 */
export function shortenedFacts(
  messages: readonly Message[],
  scores: readonly EvaluationScore[],
): ReadonlyMap<EvaluationScore, ReadonlySet<FactScore>> {
  const shownBy = new Map(
    factsOf(messages).map(({ kind, text, shownBy }) => [`${kind} ${text}`, shownBy?.id]),
  );
  return new Map(
    scores.map((score) => {
      const shortened = new Set<string | undefined>(score.shortened);
      const lost = score.facts.filter(({ kept }) => !kept);
      return [
        score,
        new Set(lost.filter(({ kind, text }) => shortened.has(shownBy.get(`${kind} ${text}`)))),
      ] as const;
    }),
  );
}
