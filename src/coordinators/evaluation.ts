import type * as contract from '../core/coordinator.js';
import type {
  EvaluationCase,
  EvaluationOptions,
  EvaluationScore,
  SelectionCase,
  SelectionEvaluationOptions,
  SelectionScore,
} from '../core/coordinator.js';
import { extensionName } from '../core/describe-failure.js';
import type { CompactionStrategy, ToolSelectionStrategy } from '../core/extension.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import type { Tool } from '../core/tool.js';
import { scoreCompaction } from '../evaluation/score-compaction.js';
import { scoreSelection } from '../evaluation/score-selection.js';
import { describeTool } from '../selection/describe-tool.js';

export interface EvaluationCoordinatorOptions {
  /** The strategy in force; it is scored first. */
  readonly configured: CompactionStrategy;
  /** What it is compared with; one with the same name gives way to it. */
  readonly others?: readonly CompactionStrategy[];
  /** The same for the choice of tools; none when absent. */
  readonly selection?: ToolSelectionStrategy;
  readonly otherSelections?: readonly ToolSelectionStrategy[];
  /** The tools that requests are ranked for where no others are given; none when absent. */
  readonly tools?: () => readonly Tool[];
  /** Milliseconds a strategy may take for one session, or for one request; 10,000 when absent. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;

/**
 * Replays recorded sessions through compaction strategies, and requests through the choice of tools, offline, and says what
 * each would keep or choose. A strategy that asks a model gets the caller's or none; one that fails is scored with its
 * problem, and the others go on.
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

  async evaluate(
    cases: readonly EvaluationCase[],
    { strategies, ...options }: EvaluationOptions = {},
  ): Promise<readonly EvaluationScore[]> {
    const { configured, others = [], timeoutMs } = this.#options.of();
    return scoreCompaction(cases, strategies ?? distinct([configured, ...others]), {
      ...options,
      timeoutMs,
      configured: extensionName(configured),
    });
  }

  async evaluateSelection(
    cases: readonly SelectionCase[],
    { strategies, tools, onProgress }: SelectionEvaluationOptions = {},
  ): Promise<readonly SelectionScore[]> {
    const { selection, otherSelections = [], timeoutMs = TIMEOUT_MS, ...own } = this.#options.of();
    const usual = distinct([...(selection ? [selection] : []), ...otherSelections]);
    return scoreSelection(cases, strategies ?? usual, {
      ...{ timeoutMs, onProgress },
      tools: tools ?? (own.tools?.() ?? []).map(describeTool),
      configured: selection ? extensionName(selection) : '',
    });
  }
}

/** Of those with one name the first. */
function distinct<Strategy extends object>(strategies: readonly Strategy[]): readonly Strategy[] {
  const names = strategies.map(extensionName);
  return strategies.filter((_, index) => names.indexOf(names[index]!) === index);
}
