import type { Selection } from './decision.js';
import type { Tool } from './tool.js';

export interface SelectionRequest {
  readonly sessionId: string;
  readonly text: string;
  readonly tools: readonly Tool[];
}

/** How well each tool suits a request, best first, and the strategy that says so. */
export type ToolRanking = Pick<Selection, 'strategy' | 'scores'>;

/** What came of a model's question for tools that it was not offered. */
export interface FoundTools {
  /** Offered from the next request on, best first. */
  readonly added: readonly Pick<Tool, 'name' | 'description'>[];
  /** Offered already, among the best. */
  readonly known: readonly string[];
  /** The list has grown as often as it may. */
  readonly full: boolean;
}
