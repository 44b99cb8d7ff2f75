import { type TestAPI, TestRunner, it as whole } from 'vitest';
import { campaignLength, share } from './campaign.js';

/** One of so many runs in `npm test`; `npm run test:campaigns` runs them all. */
const nth = 4;

/** How many tests each `describe` has declared. */
const declared = new WeakMap<object, number>();

function isTurn(): boolean {
  if (campaignLength !== 'short') return true;
  const suite = TestRunner.getCurrentSuite();
  const count = declared.get(suite) ?? 0;
  declared.set(suite, count + 1);
  return count % nth === 0;
}

function sampled(declare: TestAPI): TestAPI {
  const one = (...test: Parameters<TestAPI['skip']>) => (isTurn() ? declare : whole.skip)(...test);
  return Object.assign(one, {
    each: (cases: readonly unknown[]) => declare.each(campaignLength === 'short' ? share(cases, nth) : cases),
    skipIf: (condition: unknown) => sampled(declare.skipIf(condition) as TestAPI),
    runIf: (condition: unknown) => sampled(declare.runIf(condition) as TestAPI),
  }) as unknown as TestAPI;
}

/**
 * `it` for files whose tests each start processes, which is what `npm test` would spend most of its time on: there the first test
 * of each `describe` runs, and every fourth after it; of a table, the first row and every fourth. No test may need another.
 */
export const it = sampled(whole);
