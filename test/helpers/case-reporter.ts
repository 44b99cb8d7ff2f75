import { appendFileSync } from 'node:fs';
import type { Reporter } from 'vitest/reporters';
import { durabilityIdsOf } from '../durability/cases.js';
import { caseIdsOf } from '../safety/cases.js';

/** One test that passed or failed, of a case of the threat model. */
export interface CaseRecord {
  readonly case: string;
  readonly passed: boolean;
}

/** Adds how the tests of each case ended to the counts of this run, where somebody collects them. */
export const caseReporter: Reporter = {
  onTestRunEnd(modules) {
    const file = process.env.VICTOR_TEST_COUNTS;
    if (!file) return;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== 'passed' && state !== 'failed') continue;
        for (const id of [...caseIdsOf(test.fullName), ...durabilityIdsOf(test.fullName)]) {
          const record: CaseRecord = { case: id, passed: state === 'passed' };
          appendFileSync(file, `${JSON.stringify(record)}\n`);
        }
      }
    }
  },
};
