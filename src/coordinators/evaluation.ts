import { contextProblem, enforceInvariants } from '../compaction/enforce-invariants.js';
import { callExtension } from '../core/call-extension.js';
import type { Context } from '../core/context.js';
import type * as contract from '../core/coordinator.js';
import type { EvaluationCase, EvaluationScore } from '../core/coordinator.js';
import { currentTask } from '../core/current-task.js';
import { deepFreeze } from '../core/deep-freeze.js';
import { extensionName } from '../core/describe-failure.js';
import type { CompactionStrategy } from '../core/extension.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import { estimateTokens } from '../core/tokens.js';

export interface EvaluationCoordinatorOptions {
  /** The strategy in force; it is scored first. */
  readonly configured: CompactionStrategy;
  /** What it is compared with; one with the same name gives way to it. */
  readonly others?: readonly CompactionStrategy[];
  /** Milliseconds a strategy may take for one session; 10,000 when absent. */
  readonly timeoutMs?: number;
}

/**
 * Replays recorded sessions through compaction strategies, offline and without a model, and says what each would keep.
 * A strategy that cannot do without one, or fails otherwise, is scored with its problem.
 */
export class EvaluationCoordinator
  implements contract.EvaluationCoordinator, contract.Configurable<EvaluationCoordinatorOptions>
{
  readonly #options: LiveOptions<EvaluationCoordinatorOptions>;

  constructor(options: EvaluationCoordinatorOptions) {
    this.#options = new LiveOptions(options);
  }

  configure(change: Partial<EvaluationCoordinatorOptions>, running?: RunningTurns): void {
    this.#options.configure(change, running);
  }

  async evaluate(cases: readonly EvaluationCase[]): Promise<readonly EvaluationScore[]> {
    const { configured, others = [] } = this.#options.of();
    const strategies = [configured, ...others.filter((one) => nameOf(one) !== nameOf(configured))];
    const scores: EvaluationScore[] = [];
    for (const { sessionId, messages } of cases) {
      const context = deepFreeze({ messages: [...messages], metadata: currentTask(messages) });
      for (const strategy of strategies) {
        const score = await this.#score(strategy, context);
        scores.push({ sessionId, configured: strategy === configured, ...score });
      }
    }
    return scores;
  }

  async #score(
    strategy: CompactionStrategy,
    context: Context,
  ): Promise<Omit<EvaluationScore, 'sessionId' | 'configured'>> {
    const startedAt = performance.now();
    let problem: string | undefined;
    const answer = await callExtension<Context>(
      {
        kind: 'compaction',
        name: nameOf(strategy),
        fallback: 'the score says so',
        timeoutMs: this.#options.of().timeoutMs ?? 10_000,
        problem: contextProblem,
        report: ({ message }) => {
          problem = message;
        },
      },
      () => strategy.compact(context),
    );
    const after = answer ? enforceInvariants(context, answer) : context;
    return {
      strategy: nameOf(strategy),
      before: size(context),
      after: size(after),
      durationMs: performance.now() - startedAt,
      ...(problem === undefined ? {} : { problem }),
    };
  }
}

function size({ messages }: Context) {
  return { messages: messages.length, tokens: estimateTokens(messages) };
}

function nameOf(strategy: CompactionStrategy): string {
  return extensionName(strategy);
}
