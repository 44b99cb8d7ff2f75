import type { Message } from './message.js';

/** What the model sees of a session: the messages in order, and what strategies want to know about them. */
export interface Context {
  readonly messages: readonly Message[];
  readonly metadata: ContextMetadata;
}

export interface ContextMetadata {
  /** What the user is working on; the latest user message unless the host set it. */
  readonly currentTask?: string;
  /** Estimated tokens that the messages are wanted to have at most; only there while they are compacted by themselves. */
  readonly targetTokens?: number;
  readonly [key: string]: unknown;
}

export const emptyContext: Context = { messages: [], metadata: {} };
