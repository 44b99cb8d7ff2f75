import type { Usage } from './usage.js';

export interface MetricsSnapshot {
  readonly turns: number;
  readonly providerCalls: number;
  readonly toolCalls: number;
  readonly toolErrors: number;
  readonly denials: number;
  readonly usage: Usage;
  /** US dollars of the calls with a known price. */
  readonly costUsd: number;
  /** Provider calls whose price was unknown. */
  readonly unpricedCalls: number;
  /** Milliseconds spent in provider calls and in tools. */
  readonly providerMs: number;
  readonly toolMs: number;
  /** Tokens in the model's view at the last call, 0 when that is not what it would be now, and the window they must fit. */
  readonly contextTokens: number;
  readonly contextWindow: number;
}
