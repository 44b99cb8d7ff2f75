import type { VictorEvent } from '../core/event.js';
import type { Spending } from '../core/store.js';

const nothingSpent: Spending = {
  providerCalls: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: null,
  unpricedCalls: 0,
};

/** What the last turn of each session has come to, with the compaction before and in it. */
export class TurnTotals {
  readonly #turns = new Map<string, Spending>();

  /** To be told of every event, in order. */
  record(event: VictorEvent): void {
    if (event.type === 'turn-start') this.#turns.delete(event.sessionId);
    if (event.type !== 'request-end') return;
    const { usage, costUsd } = event;
    const before = this.of(event.sessionId);
    this.#turns.set(event.sessionId, {
      providerCalls: before.providerCalls + 1,
      inputTokens: before.inputTokens + usage.inputTokens,
      outputTokens: before.outputTokens + usage.outputTokens,
      cacheReadTokens: before.cacheReadTokens + usage.cacheReadTokens,
      cacheWriteTokens: before.cacheWriteTokens + usage.cacheWriteTokens,
      costUsd: costUsd === null ? before.costUsd : (before.costUsd ?? 0) + costUsd,
      unpricedCalls: before.unpricedCalls + (costUsd === null ? 1 : 0),
    });
  }

  of(sessionId: string): Spending {
    return this.#turns.get(sessionId) ?? nothingSpent;
  }
}
