import { askFaults } from './ask-faults.js';
import { callFaults } from './call-faults.js';
import { type FaultRow, titleOf } from './fault-row.js';
import { sessionFaults } from './session-faults.js';
import { streamFaults } from './stream-faults.js';

/** Every row of the table that `npm run test:faults` prints, in the order of the cases; `short`: without the long ones. */
export function faultRows({ short }: { readonly short: boolean }): readonly string[] {
  const all: readonly FaultRow[] = [
    ...askFaults,
    ...streamFaults,
    ...callFaults,
    ...Object.values(sessionFaults),
  ];
  return all
    .filter(({ long }) => !(short && long))
    .map(titleOf)
    .map((title, at) => ({ title, at }))
    .sort((a, b) => a.title.slice(0, 3).localeCompare(b.title.slice(0, 3)) || a.at - b.at)
    .map(({ title }) => title);
}
