import type { CaseRecord } from '../helpers/case-reporter.js';
import type { Count } from '../helpers/record-count.js';
import { cases } from './cases.js';
import { waiting } from './waiting.js';

export interface CaseTotals {
  /** The row `cases` of the table. */
  readonly count: Count;
  /** How many are covered and what the others wait for, in words. */
  readonly summary: string;
  readonly problems: string[];
}

/** A case is covered when at least one test of it passed and none failed. */
export function caseTotals(
  ended: readonly CaseRecord[],
  known: Readonly<Record<string, string>> = cases,
): CaseTotals {
  const ids = Object.keys(known);
  const failed = new Set(ended.filter(({ passed }) => !passed).map((one) => one.case));
  const passed = new Set(ended.filter((one) => one.passed && !failed.has(one.case)).map((one) => one.case));
  const waitingHere = waiting.filter(({ id }) => ids.includes(id));
  const waits = new Set(waitingHere.map(({ id }) => id));
  const missing = ids.filter((id) => !passed.has(id) && (failed.has(id) || !waits.has(id)));
  const covered = ids.filter((id) => passed.has(id));
  const waitingOnly = ids.filter((id) => !passed.has(id) && !missing.includes(id));
  const lines = [
    `${covered.length} of ${ids.length} cases are covered by tests that passed, ${waitingOnly.length} wait.`,
    ...waitingHere.map(({ id, part, waitsFor }) => `${id} (${part}) waits for ${waitsFor}.`),
  ];
  return {
    count: { row: 'cases', tried: ids.length, found: missing.length },
    summary: lines.join('\n'),
    problems: missing.map((id) => `No test of ${id} (${known[id]}) passed.`),
  };
}
