import type { DecisionCost, DecisionInput, RecordedDecision } from '../../core/decision-record.js';
import { dollars, duration, oneLine, tokenCount } from '../displayable.js';

const labelCells = 8;

/** `Why     The messages are below the threshold.` */
export function labelled(label: string, text: string): string {
  return `${label.padEnd(labelCells)}${text}`;
}

/** What was decided, why, from what and at what cost, as lines with labels. */
export function decisionLines(one: RecordedDecision): string[] {
  const { outcome, reason } = one;
  const [facts, lists] = inputTexts(one.inputs);
  const cost = costText(one.cost);
  return [
    labelled('What', `${oneLine(outcome)}${timesText(one.times)}, ${whenText(one)}`),
    labelled('Why', oneLine(reason)),
    ...(facts === '' ? [] : [labelled('From', facts)]),
    ...lists.map((text) => labelled('', text)),
    ...(cost === '' ? [] : [labelled('Cost', cost)]),
  ];
}

/** The same on one line, without what it took. */
export function decisionLine(one: RecordedDecision): string {
  const [facts] = inputTexts(one.inputs);
  const from = facts === '' ? '' : ` (${facts})`;
  return `${oneLine(one.outcome)}${timesText(one.times)}: ${oneLine(one.reason)}${from}`;
}

/** Numbers and names on one line, and a line for each list that has something in it. */
export function inputTexts(
  inputs: Readonly<Record<string, DecisionInput>>,
): readonly [facts: string, lists: readonly string[]] {
  const facts: string[] = [];
  const lists: string[] = [];
  for (const [name, value] of Object.entries(inputs)) {
    const words = inWords(name);
    if (typeof value !== 'object') {
      if (value !== '') facts.push(`${words} ${oneLine(String(value))}`);
    } else if (value.length > 0) lists.push(`${words}: ${value.map(oneLine).join(', ')}`);
  }
  return [facts.join(', '), lists];
}

/** `2.1 ms, 1.2k tokens, $0.0042`; empty where nothing is known. */
export function costText({ ms, tokens, usd }: DecisionCost): string {
  return [
    ...(ms === undefined || ms < 0.05 ? [] : [ms < 1_000 ? `${Number(ms.toFixed(1))} ms` : duration(ms)]),
    ...(tokens === undefined ? [] : [`${tokenCount(tokens)} tokens`]),
    ...(usd === undefined ? [] : [dollars(usd)]),
  ].join(', ');
}

export function timesText(times: number): string {
  return times > 1 ? ` (${times} times)` : '';
}

export function whenText({ turn, turnId }: RecordedDecision): string {
  if (turnId !== undefined) return `turn ${turn}`;
  return turn === 1 ? 'before turn 1' : `after turn ${turn - 1}`;
}

/** `tokensBefore` as `tokens before`. */
function inWords(name: string): string {
  return oneLine(name).replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
