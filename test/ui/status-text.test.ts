import { describe, expect, it } from 'vitest';
import { initialState } from '../../src/state.js';
import { statusText } from '../../src/ui/status-text.js';

describe('the status line where there is no room for all of it', () => {
  const footer = {
    ...initialState().footer,
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    contextTokens: 4_500,
    contextWindow: 200_000,
    costUsd: 0.0091,
    today: { until: 1, costUsd: 0.0491, unpriced: false },
    branch: 'main',
    sessionId: '1a2b3c4d',
  };

  it('keeps what commands may do longer than what they cost: no sandbox, an untrusted folder', () => {
    const risky = { ...footer, sandbox: 'no sandbox', trust: 'untrusted' };
    expect(statusText(risky, 90)).toBe(
      'ask · anthropic/claude-sonnet-4-5 · no sandbox · untrusted · context 4.5k, 2% of 200k',
    );
    expect(statusText(risky, 80)).toBe(
      'ask · anthropic/claude-sonnet-4-5 · no sandbox · context 4.5k, 2% of 200k',
    );
    expect(statusText(risky, 50)).toBe('ask · anthropic/claude-sonnet-4-5 · no sandbox');
  });

  it('leaves out first what is as it should be', () => {
    const usual = { ...footer, sandbox: 'sandbox', trust: 'trusted' };
    expect(statusText(usual, 80)).toBe(
      'ask · anthropic/claude-sonnet-4-5 · context 4.5k, 2% of 200k · $0.0091 · main',
    );
  });
});
