import type { Context } from '../core/context.js';
import type { Message, Role } from '../core/message.js';
import { estimateTokens } from '../core/tokens.js';

const roles: readonly Role[] = ['system', 'user', 'assistant', 'tool'];

/**
 * Makes whatever a strategy answered a context that can be sent and that loses nothing it must not lose:
 * system messages present once and first; the order of the original kept; a tool call never parted from its
 * results; the latest user message kept; `metadata` carried over; never larger than the original.
 * Messages the strategy wrote itself (a summary, say) stay where it put them.
 */
export function enforceInvariants(original: Context, answer: Context): Context {
  const ordered = inOriginalOrder(original.messages, answer.messages.filter(isMessage));
  const kept = new Set(ordered.map((message) => message.id));

  const latestUser = original.messages.findLast((message) => message.role === 'user');
  if (latestUser) kept.add(latestUser.id);
  for (const message of original.messages) if (message.role === 'system') kept.add(message.id);
  completePairs(original.messages, kept);

  const messages = weave(original.messages, ordered, kept);
  const metadata = { ...original.metadata, ...answer.metadata };
  if (
    estimateTokens(messages) >= estimateTokens(original.messages) &&
    messages.length >= original.messages.length
  ) {
    return original;
  }
  return { messages, metadata };
}

/** Whether a strategy's answer has the shape of a context at all. */
export function contextProblem(answer: unknown): string | undefined {
  const messages = (answer as Context | null | undefined)?.messages;
  if (!Array.isArray(messages)) return 'no context with `messages`';
  return messages.every(isMessage) ? undefined : 'a context with something that is no message';
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false;
  const { id, role, content } = value as Partial<Message>;
  return typeof id === 'string' && typeof content === 'string' && roles.includes(role as Role);
}

/** The answer without repeats, its known messages sorted as they were; new ones keep their places. */
function inOriginalOrder(original: readonly Message[], answer: readonly Message[]): readonly Message[] {
  const position = new Map(original.map((message, index) => [message.id, index]));
  const seen = new Set<string>();
  const unique = answer.filter((message) => !seen.has(message.id) && seen.add(message.id));
  const known = unique
    .filter((message) => position.has(message.id))
    .sort((a, b) => position.get(a.id)! - position.get(b.id)!);
  let next = 0;
  return unique.map((message) => (position.has(message.id) ? known[next++]! : message));
}

/** Adds to `kept` what its members need: the results of a kept call, the call of a kept result. */
function completePairs(original: readonly Message[], kept: Set<string>): void {
  const owner = new Map<string, Message>();
  const results = new Map<string, string[]>();
  for (const message of original) {
    for (const call of message.toolCalls ?? []) owner.set(call.id, message);
    const caller = message.toolCallId === undefined ? undefined : owner.get(message.toolCallId);
    if (caller) results.set(caller.id, [...(results.get(caller.id) ?? []), message.id]);
  }
  for (const message of original) {
    if (!kept.has(message.id)) continue;
    const caller = message.toolCallId === undefined ? undefined : owner.get(message.toolCallId);
    if (caller) kept.add(caller.id);
  }
  for (const message of original) {
    if (kept.has(message.id)) for (const id of results.get(message.id) ?? []) kept.add(id);
  }
}

/** System messages first, then the kept originals in order with the strategy's own messages between them. */
function weave(
  original: readonly Message[],
  ordered: readonly Message[],
  kept: ReadonlySet<string>,
): readonly Message[] {
  const known = new Map(original.map((message) => [message.id, message]));
  const rewritten = new Map(ordered.map((message) => [message.id, message]));
  const system: Message[] = original.filter((message) => message.role === 'system');
  const rest: Message[] = [];
  let index = 0;
  const copyOriginalsUpTo = (id: string | undefined) => {
    for (; index < original.length; index++) {
      const message = original[index]!;
      if (message.id === id) return;
      if (message.role !== 'system' && kept.has(message.id))
        rest.push(faithful(message, rewritten.get(message.id)));
    }
  };
  for (const [place, message] of ordered.entries()) {
    if (known.has(message.id)) continue;
    // A new message stands right before the original that followed it in the answer.
    const follower = ordered.slice(place + 1).find((one) => known.has(one.id) && one.role !== 'system');
    if (message.role === 'system') system.push(message);
    else if (message.role !== 'tool') {
      copyOriginalsUpTo(follower?.id);
      const { toolCalls, ...plain } = message; // A call nobody ran has no result.
      rest.push(plain);
    }
  }
  copyOriginalsUpTo(undefined);
  return [...system, ...rest];
}

/** A strategy may shorten a message, but not change who said it or what it belongs to. */
function faithful(original: Message, rewritten: Message | undefined): Message {
  if (!rewritten || rewritten === original || rewritten.content.length > original.content.length)
    return original;
  return { ...original, content: rewritten.content };
}
