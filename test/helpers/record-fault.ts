import { appendFileSync } from 'node:fs';

/** What came of one fault, as the table of `npm run test:faults` shows it. */
export interface FaultRecord {
  /** The row, by its title in `test/faults/rows.ts`. */
  readonly row: string;
  readonly dialect: string;
  /** Requests for answers that reached a server; what nothing listens to counts none. */
  readonly requests: number;
  /** Milliseconds from the start of the turn, or of the process, to its end. */
  readonly ms: number;
  /** How it ended, in a few words: the exit code or the kind of the error, and what of the text was there. */
  readonly outcome: string;
  /** Tool calls that ran. */
  readonly tools: number;
  readonly holds: boolean;
}

/** Adds to the records of this run, where somebody collects them. */
export function recordFault(record: FaultRecord): void {
  const file = process.env.VICTOR_FAULT_RECORDS;
  if (file) appendFileSync(file, `${JSON.stringify(record)}\n`);
}
