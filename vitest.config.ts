import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Tests run as a user would, whatever machine this is: no keys, no user configuration, no colour, no CI mode for Ink.
    env: {
      NO_COLOR: '1',
      CI: '',
      CONTINUOUS_INTEGRATION: '',
      ANTHROPIC_API_KEY: '',
      OPENAI_API_KEY: '',
      ANTHROPIC_BASE_URL: '',
      OPENAI_BASE_URL: '',
      NODE_ENV: 'production',
    },
  },
});
