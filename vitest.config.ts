import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/reporters';
import { caseReporter } from './test/helpers/case-reporter.js';

/** Ends the run with one plain line of counts that any build log can be searched for. */
const countLine: Reporter = {
  onTestRunEnd(modules) {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state] += 1;
    }
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  },
};

export default defineConfig({
  // As the product has it: JSX for React's production build.
  oxc: { jsx: { development: false } },
  test: {
    globalSetup: ['test/helpers/build-once.ts'],
    include: ['test/**/*.test.{ts,tsx}'],
    // No measure of anything: what has not ended by then hangs, on a machine that is ten times as busy too.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Nor is this; without it a second would be one.
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    // A process and its modules are for many files: starting them took more time than the tests. See `afterFile`.
    isolate: false,
    setupFiles: ['test/helpers/every-file.ts'],
    // Vitest leaves one processor to itself, but these tests wait for processes more than they compute.
    maxWorkers: availableParallelism() + 1,
    reporters: ['default', countLine, caseReporter],
    // Tests run as a user would, whatever machine this is: no keys, no user configuration, no colour, no CI mode for Ink.
    env: {
      NO_COLOR: '1',
      // Ink asks whether they are there, and takes an empty one for a yes.
      CI: 'false',
      CONTINUOUS_INTEGRATION: 'false',
      // Where this is CI, a service that is not installed fails its tests instead of skipping them.
      SERVICES_REQUIRED: process.env.CI ? 'true' : '',
      ANTHROPIC_API_KEY: '',
      OPENAI_API_KEY: '',
      ANTHROPIC_BASE_URL: '',
      OPENAI_BASE_URL: '',
      NODE_ENV: 'production',
    },
  },
});
