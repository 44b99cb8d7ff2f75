import type { Checkable } from './extension.js';
import type { Message, Thinking, ToolCall } from './message.js';
import type { ToolDefinition } from './tool.js';
import type { Usage } from './usage.js';

/** A message as it is sent. */
export interface RequestMessage extends Message {
  /**
   * What held when this message was the last one (the mode, the date, the state of the repository). It is sent behind
   * the message, which is the user's or a tool result, and behind everything cached. In later requests it stays where
   * it was, because caches, and thinking that is bound to what came before it, hold only while nothing before changes.
   */
  readonly volatile?: string;
}

/** One request to a model, in no provider's dialect. */
export interface ProviderRequest {
  readonly model: string;
  /** The stable system prompt: cached by providers that can. */
  readonly system: string;
  /** Never empty; starts with a user message; every tool call has its result. */
  readonly messages: readonly RequestMessage[];
  /** In one fixed order for the whole session, so that prompt caches hold. */
  readonly tools: readonly ToolDefinition[];
  readonly maxTokens: number;
  /** A JSON schema for the last message, where the dialect can ask for one; what comes is not checked. */
  readonly answerSchema?: Readonly<Record<string, unknown>>;
}

export type StopReason =
  /** The model finished. */
  | 'end'
  /** The model wants the calls it streamed to be run. */
  | 'tool-calls'
  /** The output limit cut the message. */
  | 'max-tokens'
  /** The provider or model declined. */
  | 'refusal'
  /** The provider stopped in the middle of a long answer and goes on when it is asked again. It has no calls. */
  | 'pause';

/**
 * What a provider streams. A `tool-call` comes whole: only when its arguments are complete, after the last delta.
 * Exactly one `end`, last.
 */
export type ProviderEvent =
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'thinking-delta'; readonly text: string }
  /** A whole reasoning block, once it is complete and signed. */
  | { readonly type: 'thinking'; readonly thinking: Thinking }
  /**
   * A piece of the arguments of the call number `index` of this message, as JSON text. Something to show while a long
   * call is written, and nothing else: the call may still be cut, or refused.
   */
  | ToolCallDelta
  | { readonly type: 'tool-call'; readonly call: ToolCall }
  /** `usage` is absent when the provider did not say, or said nonsense: what the call cost is unknown then. */
  | { readonly type: 'end'; readonly stopReason: StopReason; readonly usage?: Usage | undefined };

export interface ToolCallDelta {
  readonly type: 'tool-call-delta';
  readonly index: number;
  /** As far as it is known. */
  readonly name: string;
  readonly text: string;
}

/**
 * Something that answers. Implementations translate one dialect, keep no history and do not retry
 * (the provider coordinator does). Failures are thrown as `ProviderError`; an abort as `AbortedError`.
 */
export interface Provider extends Checkable {
  readonly name: string;
  /** Its answers cost nothing, so that no price has to be known. */
  readonly free?: boolean;
  stream(request: ProviderRequest, signal: AbortSignal): AsyncIterable<ProviderEvent>;
  /** The models it can serve, where it can be asked. */
  listModels?(signal: AbortSignal): Promise<readonly string[]>;
}
