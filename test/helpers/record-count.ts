import { appendFileSync } from 'node:fs';

/** What one test found out for a row of the table that `npm run test:safety` or `npm run test:durability` prints. */
export interface Count {
  /** The row, by its id in `test/safety/must-hold.ts` or `test/durability/must-hold.ts`. */
  readonly row: string;
  /** How many of what the row speaks of were tried. */
  readonly tried: number;
  /** How many of them did what must not happen, or, for rows with a least number, what must. */
  readonly found: number;
}

/** Adds to the counts of this run, where somebody collects them. Rows that several tests record are summed up. */
export function recordCount(count: Count): void {
  const file = process.env.VICTOR_TEST_COUNTS;
  if (file) appendFileSync(file, `${JSON.stringify(count)}\n`);
}
