import { it, TestRunner } from 'vitest';
import { campaignLength, long } from '../helpers/campaign.js';
import { type FaultRecord, recordFault } from '../helpers/record-fault.js';
import { type Dialect, dialects } from './dialects.js';
import { type FaultRow, titleOf } from './fault-row.js';

export type FaultOutcome = Omit<FaultRecord, 'row' | 'dialect' | 'holds'>;

/** All rows at full length: `npm run test:faults`. */
export const isLong = long;
/** All rows but the long ones, at a short length: `npm run test:faults -- --short`. */
const isEvery = campaignLength !== 'short';
/** The first row of each case, in one dialect, at the shortest length: `npm test`. */
export const isShare = !isEvery;

/** The cases that each `describe` has a row of. */
const casesOf = new WeakMap<object, Set<string>>();

/** Whether a row that is declared now is left to a longer run. */
function isLeftOut({ id, long }: FaultRow): boolean {
  if (long && !isLong) return true;
  if (isEvery) return false;
  const suite = TestRunner.getCurrentSuite();
  const cases = casesOf.get(suite) ?? new Set();
  casesOf.set(suite, cases);
  if (cases.has(id)) return true;
  cases.add(id);
  return false;
}

/** The cases take turns, so that each dialect has a third of them in a share. */
function isTurnOf({ id }: FaultRow, dialect: Dialect): boolean {
  return dialects[Number(id.slice(1)) % dialects.length] === dialect;
}

/** A test of one row in one dialect. What it measured goes into the table, and so does that it failed. */
export function faultTest(
  row: FaultRow,
  dialect: Dialect,
  run: (measured: (outcome: FaultOutcome) => void) => Promise<void>,
  options: { readonly timeoutMs?: number } = {},
): void {
  const title = `${titleOf(row)} (${dialect.name})`;
  if (isLeftOut(row)) return;
  if (isShare && !isTurnOf(row, dialect)) {
    it.skip(title);
    return;
  }
  const { timeoutMs } = options;
  it(title, timeoutMs === undefined ? {} : { timeout: timeoutMs }, async () => {
    let outcome: FaultOutcome = { requests: 0, ms: 0, outcome: 'failed', tools: 0 };
    let holds = false;
    try {
      await run((measured) => {
        outcome = measured;
      });
      holds = true;
    } finally {
      recordFault({ row: titleOf(row), dialect: dialect.name, ...outcome, holds });
    }
  });
}
