import type { Attachment } from './attachment.js';
import type { TurnBudget } from './budget.js';
import type { Image } from './message.js';

export interface UsedBySubagents {
  tokens: number;
  toolCalls: number;
}

export interface Turn {
  readonly id: string;
  readonly sessionId: string;
  readonly text: string;
  readonly images?: readonly Image[];
  /** Goes to the model behind the text. */
  readonly attachments?: readonly Attachment[];
  /** Goes into the prompt context of this turn. */
  readonly promptContext: Readonly<Record<string, unknown>>;
  /** Provider calls this turn may make. */
  readonly maxTurns: number;
  /** Tool calls this turn may make, when limited. */
  readonly maxToolCalls?: number;
  /** Tokens of all tiers from which no further provider call is made, when limited. */
  readonly maxTotalTokens?: number;
  /** Minutes this turn may last, when limited. */
  readonly maxMinutes?: number;
  /** What this turn may cost, when limited: to be asked before every provider call. */
  readonly budget?: TurnBudget;
  /** A JSON schema that providers are asked to keep the last message to. */
  readonly answerSchema?: Readonly<Record<string, unknown>>;
  /** What its subagents have used of its limits by now; they count it up. */
  readonly subagents?: UsedBySubagents;
  /** Output tokens asked for per provider call. */
  readonly maxTokens: number;
}
