import { sameDecisions } from '../../decisions/same-decisions.js';
import { info, output } from '../commands/command.js';
import { decisionLine, whenText } from './decision-lines.js';
import { decisionsOf, timesOf, type WhyTopic } from './topic.js';

const mostLines = 30;

/** What is nobody else's topic: turns, tools that ran, checkpoints, sessions, workflows and exports. */
export const otherTopic: WhyTopic = {
  name: 'other',
  question: 'what else was decided: turns, calls, checkpoints, sessions, exports',
  summary(decisions) {
    const names = [...new Set(decisions.map(({ coordinator }) => coordinator))];
    return decisions.length === 0 ? 'Nothing yet.' : `${timesOf(decisions)} decisions of ${names.join(', ')}`;
  },
  async explain(context) {
    const all = sameDecisions(await decisionsOf('other', context));
    if (all.length === 0) return info('Nothing else was decided yet.');
    const shown = all.slice(-mostLines);
    const rows = shown.map((one) => [whenText(one), one.coordinator, decisionLine(one)] as const);
    const wide = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
    const [first, second] = [wide(0), wide(1)];
    const lines = rows.map(([when, who, what]) => `${when.padEnd(first)}  ${who.padEnd(second)}  ${what}`);
    const left = all.length - shown.length;
    return output(
      left > 0 ? `What else was decided, the last ${shown.length} of ${all.length}` : 'What else was decided',
      left > 0 ? [...lines, `victor explain ${context.sessionId} shows them all.`] : lines,
    );
  },
};
