import type { RecordedDecision } from '../../core/decision-record.js';
import { sameDecisions } from '../../decisions/same-decisions.js';
import { oneLine } from '../../ui/displayable.js';
import { costText, inputTexts, timesText } from '../../ui/why/decision-lines.js';
import { formatTime } from '../format-time.js';

/** A turn with what was decided in it, and since the turn before. */
export interface ExplainedTurn {
  readonly turn: number;
  readonly turnId?: string;
  /** The first line of the user's message. */
  readonly request?: string;
  readonly decisions: readonly RecordedDecision[];
}

const longestRequest = 80;
const nameCells = 14;

/** A heading with the request, then each decision: who, what, how often, at what cost; below it why, and from what. */
export function explanationLines({ turn, turnId, request, decisions }: ExplainedTurn): string[] {
  const line = request === undefined ? '' : oneLine(request);
  const said = line.length > longestRequest ? `${line.slice(0, longestRequest - 1)}…` : line;
  const between = turn === 1 ? 'Before turn 1' : `After turn ${turn - 1}`;
  const name = turnId === undefined ? between : `Turn ${turn}`;
  const when = formatTime(decisions[0]?.timestamp ?? 0);
  return [
    [name, when, said].filter((part) => part !== '').join('  '),
    ...sameDecisions(decisions).flatMap(linesOf),
    '',
  ];
}

function linesOf(one: RecordedDecision): string[] {
  const cost = costText(one.cost);
  const [facts, lists] = inputTexts(one.inputs);
  const below = (text: string) => `  ${' '.repeat(nameCells)} ${text}`;
  const head = `  ${one.coordinator.padEnd(nameCells)} ${oneLine(one.outcome)}${timesText(one.times)}`;
  return [
    cost === '' ? head : `${head} [${cost}]`,
    below(oneLine(one.reason)),
    ...(facts === '' ? [] : [below(facts)]),
    ...lists.map(below),
  ];
}
