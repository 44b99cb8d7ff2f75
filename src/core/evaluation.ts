import type { CompactionSize } from './compaction.js';
import type { CompactionStrategy, ModelAccess, ToolDescriptor, ToolSelectionStrategy } from './extension.js';
import type { Message } from './message.js';

/** A recorded session, to see what compaction would leave of it. */
export interface EvaluationCase {
  readonly sessionId: string;
  readonly messages: readonly Message[];
  /** The current task; the latest user message when absent. */
  readonly task?: string;
  /** Texts of the caller's that must not be lost, besides what the messages say of themselves. */
  readonly facts?: readonly string[];
}

export interface EvaluationOptions {
  /** In place of the one in force and those it is usually compared with. */
  readonly strategies?: readonly CompactionStrategy[];
  /**
   * What the messages are wanted to have: a share of their tokens (at most 1), or tokens. Each strategy is tried once with
   * each; when absent, with none, as `/compact` asks.
   */
  readonly budgets?: readonly number[];
  /** Answers strategies that ask a model; without one they are scored with their problem. */
  readonly model?: ModelAccess;
  /** Runs, after a first one, of which the median time is told; when absent, or 1, the first is. A slow strategy has fewer. */
  readonly rounds?: number;
  readonly onProgress?: (progress: EvaluationProgress) => void;
}

/** What is tried next, and how many were before it. */
export interface EvaluationProgress {
  readonly done: number;
  readonly of: number;
  readonly what: string;
}

/**
 * What must not be lost: a sentence of the user's that binds, a file with its last state, something that was left open, or a
 * text of the caller's own.
 */
export type FactKind = 'constraint' | 'file' | 'open-item' | 'own';

export interface FactScore {
  readonly kind: FactKind;
  readonly text: string;
  /** It stands in what would be sent. */
  readonly kept: boolean;
}

export interface EvaluationScore {
  readonly sessionId: string;
  readonly strategy: string;
  /** It is the strategy in force, not one it is compared with. */
  readonly configured: boolean;
  /** What was wanted; absent without a budget. */
  readonly budgetTokens?: number;
  readonly before: CompactionSize;
  readonly after: CompactionSize;
  readonly facts: readonly FactScore[];
  /** Calls in what would be sent, and those with their result right behind them. */
  readonly pairs: { readonly calls: number; readonly whole: number };
  /** Ids of the messages that are gone, and of those that are shorter, in order. */
  readonly dropped: readonly string[];
  readonly shortened: readonly string[];
  /** Times that it asked the model. */
  readonly modelCalls: number;
  /** Median of its runs, as the options say. */
  readonly durationMs: number;
  /** Why the strategy could not do it; the context then stays as it was. */
  readonly problem?: string;
}

/** A request and the tools that would be right for it: any of them will do. */
export interface SelectionCase {
  readonly request: string;
  readonly expected: readonly string[];
}

export interface SelectionEvaluationOptions {
  /** In place of the one in force and those it is usually compared with. */
  readonly strategies?: readonly ToolSelectionStrategy[];
  /** In place of the tools that there are. */
  readonly tools?: readonly ToolDescriptor[];
  readonly onProgress?: (progress: EvaluationProgress) => void;
}

export interface SelectionScore {
  readonly strategy: string;
  readonly configured: boolean;
  readonly cases: number;
  /** Percent of the requests with a right tool in the first place, among the first 5, and among the first 10. */
  readonly top1: number;
  readonly top5: number;
  readonly top10: number;
  /** Mean of 1 / the place of the best right tool: 1 when it is always the first. */
  readonly meanReciprocalRank: number;
  readonly medianMs: number;
  /** Requests whose first tool was not a right one, the worst places first. */
  readonly misses: readonly SelectionMiss[];
  /** Why the strategy could not do it; its numbers are then 0. */
  readonly problem?: string;
}

export interface SelectionMiss {
  readonly request: string;
  readonly expected: readonly string[];
  /** The place of the best right tool, from 1; what scores alike stands before it. */
  readonly rank: number;
  /** What was ranked first instead. */
  readonly instead: readonly string[];
}
