import type { CacheBreak } from './cache-break.js';
import type { Decision, Selection } from './decision.js';
import type { ErrorData } from './errors.js';
import type { ExtensionFailure } from './extension.js';
import type { HookName, HookOrigin, HookOutcome } from './hook.js';
import type { Message, ToolCall } from './message.js';
import type { StopReason, ToolCallDelta } from './provider.js';
import type { FileChange, OutputSoFar, ToolResult } from './tool.js';
import type { TurnLimit } from './turn-limit.js';
import type { Usage } from './usage.js';
import type { WorkflowEventBody } from './workflow.js';

/** Which session and turn an event belongs to, and when it happened. */
export interface EventEnvelope {
  readonly id: string;
  readonly sessionId: string;
  readonly turnId?: string;
  /** Milliseconds since 1970; never used for order. */
  readonly timestamp: number;
}

export type TurnEndReason = Exclude<StopReason, 'pause'> | 'interrupted' | 'limit';

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
      /** The conversation is again what it was before the message, or the rewind, of the id `before`. */
      readonly type: 'rewind';
      readonly rewindId: string;
      readonly before: string;
      /** What the model sees from now on. */
      readonly after: ContextSize;
    }
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
  | {
      /** Another provider is asked in place of one that failed. */
      readonly type: 'provider-fallback';
      /** `provider/model`. */
      readonly from: string;
      readonly to: string;
      readonly error: ErrorData;
    }
  /** This text went along behind the message, and stays there. Told when the request has been answered. */
  | { readonly type: 'note'; readonly messageId: string; readonly volatile: string }
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'thinking-delta'; readonly text: string }
  | ToolCallDelta
  | {
      readonly type: 'request-end';
      readonly provider: string;
      readonly model: string;
      /** What was asked for when it was not the next message of the conversation. */
      readonly purpose?: 'compaction' | 'subagent';
      readonly usage: Usage;
      /** US dollars; `null` when the price is unknown. */
      readonly costUsd: number | null;
      readonly stopReason: StopReason | 'interrupted';
      readonly durationMs: number;
      /** The model's context window in tokens, for the meter. */
      readonly contextWindow: number;
    }
  /** Follows a `request-end`, and only when something was lost. */
  | { readonly type: 'cache-break'; readonly cacheBreak: CacheBreak }
  // one tool call
  | { readonly type: 'tool-call'; readonly call: ToolCall; readonly title: string }
  | {
      readonly type: 'tool-decision';
      readonly call: ToolCall;
      readonly decision: Decision;
      /** Which subagent wanted it, where it was one: its type and its job. */
      readonly subagent?: string;
    }
  | {
      readonly type: 'approval-request';
      readonly call: ToolCall;
      readonly title: string;
      readonly decision: Decision;
      /** What the call would change, where that could be seen. */
      readonly change?: FileChange;
    }
  /**
   * A running call has put out more; each replaces the one before. Only subscribers are told, about ten times a second at
   * most: the stream of a turn, the log and analytics have the result.
   */
  | ({ readonly type: 'tool-output'; readonly callId: string } & OutputSoFar)
  /** So many commands of the session run in the background now. Only subscribers are told. */
  | { readonly type: 'background-tasks'; readonly running: number }
  /** A call of a subagent that the user was asked about, and said yes to, has ended. Only subscribers are told. */
  | { readonly type: 'subagent-call-end'; readonly callId: string; readonly failed: boolean }
  | { readonly type: 'checkpoint'; readonly checkpointId: string; readonly path: string }
  | {
      readonly type: 'tool-result';
      readonly call: ToolCall;
      readonly result: ToolResult;
      readonly durationMs: number;
      /** The call was refused by a mode, a rule or the user, and did not run. */
      readonly denied: boolean;
    }
  // a workflow: its prompts are turns, and its commands tool calls
  | WorkflowEventBody
  // ends and troubles
  | {
      readonly type: 'turn-end';
      readonly provider: string;
      readonly model: string;
      readonly reason: TurnEndReason;
      /** Which limit, where that is the reason. */
      readonly limit?: TurnLimit;
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
  | {
      /** A hook ran and changed something, or failed. */
      readonly type: 'hook';
      readonly hook: HookName;
      readonly origin: HookOrigin;
      /** The beginning of its command line. */
      readonly command: string;
      readonly outcome: Exclude<HookOutcome, 'none'>;
      /** One sentence; what the hook said, without keys. */
      readonly reason: string;
      /** The tool whose call it was about. */
      readonly tool?: string;
      readonly durationMs: number;
    }
  | { readonly type: 'extension-failure'; readonly failure: ExtensionFailure }
  | { readonly type: 'notice'; readonly level: 'info' | 'warning'; readonly text: string };

export type VictorEvent = EventBody & EventEnvelope;
export type EventType = EventBody['type'];
export type EventOf<Type extends EventType> = Extract<VictorEvent, { type: Type }>;
