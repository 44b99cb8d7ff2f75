import { readOnce } from './growing-list.js';
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

/** A frozen message stays as it is, and what is counted of its calls takes longer than to remember it. */
const known = new WeakMap<Message, number>();

/** Estimated tokens of one message with its calls, reasoning and images. */
export function estimateMessageTokens(message: Message): number {
  if (!message.toolCalls?.length) return countTokens(message);
  const before = known.get(message);
  if (before !== undefined) return before;
  const tokens = countTokens(message);
  if (Object.isFrozen(message)) known.set(message, tokens);
  return tokens;
}

function countTokens(message: Message): number {
  let characters = message.content.length;
  for (const call of message.toolCalls ?? []) {
    characters += call.name.length + JSON.stringify(call.input).length;
  }
  for (const thinking of message.thinking ?? []) characters += thinking.text.length;
  const images = (message.images?.length ?? 0) * TOKENS_PER_IMAGE;
  return Math.ceil(characters / CHARACTERS_PER_TOKEN) + TOKENS_PER_MESSAGE + images;
}

const sumOf = readOnce(
  () => ({ tokens: 0 }),
  (sum, message: Message) => {
    sum.tokens += estimateMessageTokens(message);
  },
);

export function estimateTokens(messages: readonly Message[]): number {
  return sumOf(messages).tokens;
}
