import type { RecordedDecision } from '../../core/decision-record.js';
import { type DecisionTopic, topicOf } from '../../decisions/topics.js';
import type { BlockBody } from '../../state.js';
import type { CommandContext } from '../commands/command.js';

/** One thing that `/why` explains. */
export interface WhyTopic {
  readonly name: DecisionTopic;
  /** The question it answers, for the list of topics. */
  readonly question: string;
  /** One line of what `explain` says; `decisions` are those of the topic, in order. */
  summary(decisions: readonly RecordedDecision[], context: CommandContext): string;
  explain(context: CommandContext): Promise<readonly BlockBody[]>;
}

/** What the session's coordinators decided about one topic, in order. */
export async function decisionsOf(
  name: DecisionTopic,
  { port, sessionId }: Pick<CommandContext, 'port' | 'sessionId'>,
): Promise<readonly RecordedDecision[]> {
  return (await port.decisions(sessionId)).filter((one) => topicOf(one) === name);
}

/** How often that was decided. */
export function timesOf(decisions: readonly RecordedDecision[]): number {
  return decisions.reduce((sum, { times }) => sum + times, 0);
}
