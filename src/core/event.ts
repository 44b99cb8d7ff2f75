import type { Decision, Selection } from './decision.js';
import type { ErrorData } from './errors.js';
import type { ExtensionFailure } from './extension.js';
import type { Message, ToolCall } from './message.js';
import type { StopReason } from './provider.js';
import type { FileChange, ToolResult } from './tool.js';
import type { Usage } from './usage.js';

/** Which session and turn an event belongs to, and when it happened. */
export interface EventEnvelope {
  readonly id: string;
  readonly sessionId: string;
  readonly turnId?: string;
  /** Milliseconds since 1970; never used for order. */
  readonly timestamp: number;
}

export type TurnEndReason = StopReason | 'interrupted' | 'limit';

export interface ContextSize {
  readonly messages: number;
  readonly tokens: number;
}

/** Everything that can happen, grouped by lifecycle. The screen, the log, metrics and analytics read nothing else. */
export type EventBody =
  // session
  | { readonly type: 'session-open'; readonly resumed: boolean; readonly messages: number }
  | { readonly type: 'session-reset' }
  | {
      /** A setting was saved while the process runs. The values are for people: shortened, and without secrets. */
      readonly type: 'config-change';
      /** Dotted. */
      readonly key: string;
      readonly from: string;
      readonly to: string;
      /** Where the new value stands, from the working directory where it lies below that; absent for a default. */
      readonly file?: string;
      readonly line?: number;
      /** When the new value holds. */
      readonly effect: 'now' | 'after-restart';
    }
  | { readonly type: 'mode-change'; readonly from: string; readonly to: string }
  | { readonly type: 'provider-change'; readonly from: string; readonly to: string }
  // turn
  | {
      readonly type: 'turn-start';
      readonly text: string;
      readonly provider: string;
      readonly model: string;
      readonly mode: string;
    }
  | { readonly type: 'config-load'; readonly keys: readonly string[] }
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'tool-selection'; readonly selection: Selection }
  | { readonly type: 'prompt-build'; readonly characters: number }
  | {
      readonly type: 'compaction';
      readonly strategy: string;
      readonly automatic: boolean;
      readonly before: ContextSize;
      readonly after: ContextSize;
      /** The context from now on; what a resume starts from. */
      readonly messages: readonly Message[];
    }
  // one provider call
  | {
      readonly type: 'request-start';
      readonly provider: string;
      readonly model: string;
      readonly messages: number;
      readonly tools: number;
    }
  | {
      readonly type: 'request-retry';
      readonly provider: string;
      readonly attempt: number;
      readonly waitMs: number;
      readonly error: ErrorData;
    }
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'thinking-delta'; readonly text: string }
  | {
      readonly type: 'request-end';
      readonly provider: string;
      readonly model: string;
      /** What was asked for when it was not the next message of the conversation. */
      readonly purpose?: 'compaction';
      readonly usage: Usage;
      /** US dollars; `null` when the price is unknown. */
      readonly costUsd: number | null;
      readonly stopReason: StopReason | 'interrupted';
      readonly durationMs: number;
      /** The model's context window in tokens, for the meter. */
      readonly contextWindow: number;
    }
  // one tool call
  | { readonly type: 'tool-call'; readonly call: ToolCall; readonly title: string }
  | { readonly type: 'tool-decision'; readonly call: ToolCall; readonly decision: Decision }
  | {
      readonly type: 'approval-request';
      readonly call: ToolCall;
      readonly title: string;
      readonly decision: Decision;
      /** What the call would change, where that could be seen. */
      readonly change?: FileChange;
    }
  | { readonly type: 'checkpoint'; readonly checkpointId: string; readonly path: string }
  | {
      readonly type: 'tool-result';
      readonly call: ToolCall;
      readonly result: ToolResult;
      readonly durationMs: number;
      /** The call was refused by a mode, a rule or the user, and did not run. */
      readonly denied: boolean;
    }
  // ends and troubles
  | {
      readonly type: 'turn-end';
      readonly provider: string;
      readonly model: string;
      readonly reason: TurnEndReason;
      readonly content: string;
      readonly usage: Usage;
      readonly costUsd: number | null;
      readonly providerCalls: number;
      readonly durationMs: number;
    }
  | {
      readonly type: 'turn-error';
      readonly error: ErrorData;
      /** The user's message, for retry, when the turn left the live context. */
      readonly retryText?: string;
      /** Ids of the messages that left the live context. */
      readonly removed: readonly string[];
    }
  | { readonly type: 'extension-failure'; readonly failure: ExtensionFailure }
  | { readonly type: 'notice'; readonly level: 'info' | 'warning'; readonly text: string };

export type VictorEvent = EventBody & EventEnvelope;
export type EventType = EventBody['type'];
export type EventOf<Type extends EventType> = Extract<VictorEvent, { type: Type }>;
