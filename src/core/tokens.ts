import type { Message } from './message.js';

/** Characters per token that the estimate assumes; the provider's own usage replaces the estimate as soon as it is known. */
const CHARACTERS_PER_TOKEN = 4;
/** What role markers and separators of one message cost, in tokens. */
const TOKENS_PER_MESSAGE = 4;
const TOKENS_PER_IMAGE = 1_600;

/** Estimated tokens of a text: its length in UTF-16 units divided by four, rounded up. */
export function estimateTextTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** Estimated tokens of one message with its calls, reasoning and images. */
export function estimateMessageTokens(message: Message): number {
  let characters = message.content.length;
  for (const call of message.toolCalls ?? []) {
    characters += call.name.length + JSON.stringify(call.input).length;
  }
  for (const thinking of message.thinking ?? []) characters += thinking.text.length;
  const images = (message.images?.length ?? 0) * TOKENS_PER_IMAGE;
  return Math.ceil(characters / CHARACTERS_PER_TOKEN) + TOKENS_PER_MESSAGE + images;
}

export function estimateTokens(messages: readonly Message[]): number {
  let total = 0;
  for (const message of messages) total += estimateMessageTokens(message);
  return total;
}
