import { enforceInvariants } from '../compaction/enforce-invariants.js';
import type * as contract from '../core/coordinator.js';
import type { EvaluationCase, EvaluationScore } from '../core/coordinator.js';
import { currentTask } from '../core/current-task.js';
import type { CompactionStrategy } from '../core/extension.js';
import { estimateTokens } from '../core/tokens.js';

export interface EvaluationCoordinatorOptions {
  /** The strategies to score, by name. */
  readonly strategies: Readonly<Record<string, CompactionStrategy>>;
}

/** Replays recorded sessions through compaction strategies, offline, and says what each would keep. */
export class EvaluationCoordinator implements contract.EvaluationCoordinator {
  readonly #strategies: ReadonlyMap<string, CompactionStrategy>;

  constructor(options: EvaluationCoordinatorOptions) {
    this.#strategies = new Map(Object.entries(options.strategies));
  }

  async evaluate(cases: readonly EvaluationCase[]): Promise<readonly EvaluationScore[]> {
    const scores: EvaluationScore[] = [];
    for (const { sessionId, messages } of cases) {
      const context = { messages, metadata: currentTask(messages) };
      for (const [strategy, implementation] of this.#strategies) {
        const start = performance.now();
        const after = enforceInvariants(context, await implementation.compact(context));
        scores.push({
          sessionId,
          strategy,
          before: size(messages),
          after: size(after.messages),
          durationMs: performance.now() - start,
        });
      }
    }
    return scores;
  }
}

function size(messages: EvaluationCase['messages']) {
  return { messages: messages.length, tokens: estimateTokens(messages) };
}
