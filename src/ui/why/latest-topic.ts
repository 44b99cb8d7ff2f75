import type { RecordedDecision } from '../../core/decision-record.js';
import { recurringDecisions } from '../../decisions/same-decisions.js';
import type { DecisionTopic } from '../../decisions/topics.js';
import { type CommandContext, info, output } from '../commands/command.js';
import { decisionLine, decisionLines, labelled, whenText } from './decision-lines.js';
import { decisionsOf, type WhyTopic } from './topic.js';

const mostEarlier = 6;

export interface LatestTopicOptions {
  readonly name: DecisionTopic;
  readonly question: string;
  /** Said while there is nothing to explain. */
  readonly nothing: string;
  readonly title: string;
  /** What is told of first; the last decision of this kind is. */
  readonly isMain: (one: RecordedDecision) => boolean;
  /** What is told of as what came before: what was out of the ordinary, or changed what holds. */
  readonly isEvent: (one: RecordedDecision, before: RecordedDecision | undefined) => boolean;
  /** What the user may do, and what else holds now. */
  readonly more?: (context: CommandContext, decisions: readonly RecordedDecision[]) => readonly string[];
}

/** A topic that is told by its last decision, and by what was out of the ordinary before. */
export function latestTopic(options: LatestTopicOptions): WhyTopic {
  const { name, question, nothing, title, isMain, isEvent, more } = options;
  return {
    name,
    question,
    summary(decisions) {
      const last = decisions.findLast(isMain) ?? decisions.at(-1);
      return last ? `${decisionLine(last)}, ${whenText(last)}` : nothing;
    },
    async explain(context) {
      const decisions = await decisionsOf(name, context);
      const last = decisions.findLast(isMain);
      const added = more?.(context, decisions) ?? [];
      const before = new Map<string, RecordedDecision>();
      const out = decisions.filter((one) => {
        const told = one !== last && isEvent(one, before.get(one.decision));
        before.set(one.decision, one);
        return told;
      });
      const events = recurringDecisions(out).slice(-mostEarlier);
      if (!last && events.length === 0 && added.length === 0) return info(nothing);
      const lines = [
        ...(last ? decisionLines(last) : [nothing]),
        ...events
          .reverse()
          .map((one, index) =>
            labelled(index === 0 ? 'Before' : '', `${whenText(one)}: ${decisionLine(one)}`),
          ),
        ...added,
      ];
      return output(title, lines);
    },
  };
}
