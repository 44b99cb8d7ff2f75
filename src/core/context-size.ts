import type { CompactionSize } from './compaction.js';
import type { Context } from './context.js';
import type { Message } from './message.js';
import { estimateTokens } from './tokens.js';

export function contextSize(messages: readonly Message[]): CompactionSize {
  return { messages: messages.length, tokens: estimateTokens(messages) };
}

/** The context with `focus` as its current task; itself where nothing is focused on. */
export function focused(context: Context, focus: string): Context {
  if (focus.trim() === '') return context;
  return { messages: context.messages, metadata: { ...context.metadata, currentTask: focus } };
}
