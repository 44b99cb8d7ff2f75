import type { RequestMessage } from '../core/provider.js';
import { estimateMessageTokens, estimateTextTokens } from '../core/tokens.js';

/**
 * What was never counted by a provider is taken to be this much more than its estimate of four characters a token: dense
 * code and most languages in Latin letters take fewer than 1.5 tokens for four characters.
 */
const UNCOUNTED_MARGIN = 1.5;

/** One call as it was sent. */
export interface SentCall {
  readonly messages: readonly RequestMessage[];
  /** Estimated tokens of system prompt and tools. */
  readonly overhead: number;
  /** Who was asked: each counts in his own way. */
  readonly model: string;
}

interface Counted {
  readonly lastId: string | undefined;
  readonly messages: number;
  readonly tokens: number;
  readonly overhead: number;
  readonly model: string;
}

/** Tokens that are reckoned with for what is estimated at so many. */
export function uncounted(estimatedTokens: number): number {
  return Math.ceil(estimatedTokens * UNCOUNTED_MARGIN);
}

/** How many tokens a call will have to read: what the provider counted the last time, and an estimate of what is new. */
export class InputEstimate {
  readonly #counted = new Map<string, Counted>();

  /** The provider counted `tokens` for this call and its answer, which is the next message. */
  count(sessionId: string, { messages, overhead, model }: SentCall, tokens: number): void {
    const lastId = messages.at(-1)?.id;
    this.#counted.set(sessionId, { lastId, messages: messages.length, tokens, overhead, model });
  }

  tokens(sessionId: string, { messages, overhead, model }: SentCall): number {
    const counted = this.#counted.get(sessionId);
    const goesOn = counted?.model === model && messages[counted.messages - 1]?.id === counted.lastId;
    if (!goesOn) return uncounted(estimate(messages) + overhead);
    const answered = messages[counted.messages]?.role === 'assistant' ? 1 : 0;
    const fresh = estimate(messages.slice(counted.messages + answered));
    const more = fresh + Math.max(0, overhead - counted.overhead);
    return counted.tokens + uncounted(more);
  }
}

function estimate(messages: readonly RequestMessage[]): number {
  return messages.reduce(
    (sum, message) => sum + estimateMessageTokens(message) + estimateTextTokens(message.volatile ?? ''),
    0,
  );
}
