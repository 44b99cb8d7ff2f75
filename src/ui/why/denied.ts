import type { RecordedDecision } from '../../core/decision-record.js';
import { info, output } from '../commands/command.js';
import { oneLine } from '../displayable.js';
import { labelled, timesText, whenText } from './decision-lines.js';
import { decisionsOf, timesOf, type WhyTopic } from './topic.js';

const mostRefusals = 5;

/** The last calls that did not run, who refused each, and what would let it run. */
export const deniedTopic: WhyTopic = {
  name: 'denied',
  question: 'why a tool call did not run',
  summary(decisions) {
    const refusals = decisions.filter(isRefusal);
    const decided = timesOf(decisions.filter(({ decision }) => decision === 'decide'));
    const last = refusals.at(-1);
    if (!last) return `None of ${decided} calls was refused.`;
    return `${timesOf(refusals)} of ${decided} calls were refused, the last one in ${whenText(last)}: ${oneLine(last.reason)}`;
  },
  async explain(context) {
    const decisions = await decisionsOf('denied', context);
    const refusals = decisions.filter(isRefusal).slice(-mostRefusals).reverse();
    const decided = timesOf(decisions.filter(({ decision }) => decision === 'decide'));
    const hidden = timesOf(decisions.filter(({ decision }) => decision === 'hides'));
    if (refusals.length === 0 && hidden === 0)
      return info(`No tool call was refused: ${decided} were decided about in this session.`);
    const kept =
      hidden === 0
        ? []
        : [
            labelled(
              'Hidden',
              `a rule kept files back that searches came upon, ${hidden} in all. /permissions lists the rules.`,
            ),
          ];
    return output(`Refused, the last ${refusals.length} of ${timesOf(decisions.filter(isRefusal))}`, [
      ...refusals.flatMap((one) => refusalLines(one, decisions)),
      ...kept,
    ]);
  },
};

function isRefusal({ decision, inputs }: RecordedDecision): boolean {
  return (
    (decision === 'decide' && inputs.verdict === 'deny') || (decision === 'ask' && inputs.said !== 'yes')
  );
}

function refusalLines(one: RecordedDecision, decisions: readonly RecordedDecision[]): string[] {
  const { inputs, times, outcome, reason } = one;
  const call = oneLine([inputs.tool, inputs.target].filter((part) => part !== '').join(' '));
  return [
    labelled('Call', `${call}${timesText(times)}, ${whenText(one)}`),
    labelled('Why', one.decision === 'ask' ? `${oneLine(outcome)}. ${oneLine(reason)}` : oneLine(reason)),
    labelled('To do', adviceFor(one, decisions)),
    '',
  ];
}

function adviceFor(one: RecordedDecision, decisions: readonly RecordedDecision[]): string {
  const { rule, list, cause } = one.inputs;
  if (cause === 'hook') return '/hooks shows which hooks there are and where each is set.';
  if (rule !== undefined)
    return `/permissions says where the rule ${oneLine(String(rule))} stands; take it out of ${list} there.`;
  if (one.decision === 'ask')
    return 'Say yes when you are asked, or allow it: victor permissions explain "…" says how.';
  if (cause === 'failed-coordinator')
    return 'Mend your own permission or mode coordinator; /doctor says what it failed at.';
  if (cause === 'secret-file')
    return 'Name the file in a rule to let it be read, such as Read(.env) in permissions.allow.';
  if (decisions.some((other) => isOfMode(other) && other.reason === one.reason))
    return 'Shift+Tab or /mode chooses a mode that does not refuse it.';
  return 'The permission coordinator refused it; its reason is above.';
}

function isOfMode({ coordinator, decision, inputs }: RecordedDecision): boolean {
  return coordinator === 'mode' && decision === 'allows' && inputs.verdict === 'deny';
}
