import { campaignLength, type Lengths } from '../helpers/campaign.js';
import type { Row } from '../safety/must-hold.js';

/** One row of the table that `npm run test:durability` prints. Whoever adds a campaign adds its row here. */
export interface DurabilityRow extends Lengths {
  readonly id: string;
  /** What was tried, and what was looked for in it. */
  readonly what: string;
  /** How many may be found at most, or must be found. */
  readonly bound: Row['bound'];
  /** It bounds a time, which a busy machine does not keep: printed each time, and judged at full length only. */
  readonly isTime?: true;
  /** The test files that record it. */
  readonly tests: readonly string[];
}

/** Its tests run in `npm run test:durability`: for a row, or for the id of a case. */
export const durabilityFolder = 'test/durability/';

const none = { most: 0 } as const;

export const durabilityRows = [
  {
    id: 'kills streaming',
    what: 'kill -9 while an answer streams: acknowledged messages lost, integrity failures',
    ...{ short: 12, ci: 150, full: 400, bound: none },
    tests: ['test/durability/kill.test.ts'],
  },
  {
    id: 'kills writing',
    what: 'kill -9 while three processes write: acknowledged messages lost, gaps, integrity failures',
    ...{ short: 12, ci: 150, full: 600, bound: none },
    tests: ['test/durability/kill-writing.test.ts'],
  },
  {
    id: 'kills migrating',
    what: 'kill -9 at the statements of migrations: schemas that are neither old nor new, rows or copies lost',
    ...{ short: 12, ci: 100, full: 100, bound: none },
    tests: ['test/durability/kill-migrating.test.ts'],
  },
  {
    id: 'power cuts',
    what: 'power cuts between two writes to the disk: synced messages lost, integrity failures',
    ...{ short: 10, ci: 100, full: 300, bound: none },
    tests: ['test/durability/power-cut.test.ts'],
  },
  {
    id: 'full disk',
    what: 'a disk that is full at some point: acknowledged messages lost, missing banners, integrity failures',
    ...{ short: 20, ci: 200, full: 200, bound: none },
    tests: ['test/durability/full-disk.test.ts'],
  },
  {
    id: 'writes at once',
    what: 'writes of 50 processes to one database (10 in short runs): refused, lost or counted wrong',
    ...{ short: 400, ci: 2_000, full: 2_000, bound: none },
    tests: ['test/durability/processes.test.ts'],
  },
  {
    id: 'longest call',
    what: 'database calls on their main threads once it is open: over 50 ms, not counting time without a processor',
    isTime: true,
    ...{ short: 400, ci: 2_000, full: 2_000, bound: none },
    tests: ['test/durability/processes.test.ts'],
  },
  {
    id: 'starts at once',
    what: 'processes that start on an absent database: migrations more than one',
    ...{ short: 20, ci: 20, full: 20, bound: none },
    tests: ['test/durability/processes.test.ts'],
  },
  {
    id: 'damaged',
    what: 'damaged states: resumes that threw, unreadable sessions shown as empty, losses nobody told',
    ...{ short: 60, ci: 500, full: 500, bound: none },
    tests: ['test/durability/damaged.test.ts'],
  },
  {
    id: 'kills undoing',
    what: 'kill -9 in edits, undos and redos: files neither as before nor as after, changes of the user lost, integrity failures',
    ...{ short: 12, ci: 60, full: 270, bound: none },
    tests: ['test/undo/kill.test.ts'],
  },
  {
    id: 'user edits',
    what: 'histories of random edits of agent and user, with undo, redo and rewind: edits of the user lost',
    ...{ short: 60, ci: 300, full: 1_500, bound: none },
    tests: ['test/undo/never-lost.test.ts'],
  },
  {
    id: 'kills delivering',
    what: 'kill -9 between sending events and noting it: events lost, or sent again with other content or another id',
    ...{ short: 8, ci: 60, full: 200, bound: none },
    tests: ['test/delivery/kill.test.ts'],
  },
  {
    id: 'events shared',
    what: 'events that four processes send at once: claimed twice',
    ...{ short: 3_000, ci: 3_000, full: 20_000, bound: none },
    tests: ['test/delivery/shared-spool.test.ts'],
  },
] as const satisfies readonly DurabilityRow[];

/** How many points of a row this run tries. */
export function pointsOf(id: (typeof durabilityRows)[number]['id']): number {
  return durabilityRows.find((row) => row.id === id)![campaignLength];
}
