import type { VictorEvent } from '../../core/event.js';
import type { AnswerSummary } from './answer-summary.js';

/** What is known before the first event. */
export interface RunHeader {
  readonly sessionId: string;
  readonly provider: string;
  readonly model: string;
  readonly mode: string;
  readonly cwd: string;
  readonly tools: readonly string[];
  /** It is a workflow, whose every step is told. */
  readonly steps: boolean;
}

/** Prints one run in one format. Only the answer goes to stdout. */
export interface AnswerPrinter {
  start?(header: RunHeader): void;
  event?(event: VictorEvent): void;
  end(summary: AnswerSummary, header: RunHeader): void;
}
