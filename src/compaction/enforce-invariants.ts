import type { Context } from '../core/context.js';
import { isRecord } from '../core/is-record.js';
import type { Image, Message, Role } from '../core/message.js';
import { currentTodo, latestTodos } from '../core/todos.js';
import { estimateMessageTokens, estimateTokens } from '../core/tokens.js';

const roles: readonly Role[] = ['system', 'user', 'assistant', 'tool'];

/**
 * Makes whatever a strategy answered a context that can be sent and that loses nothing it must not lose:
 * system messages present once and first; the order of the original kept; a tool call never parted from its
 * results; the latest message of the user kept, and the list of steps while some are open; `metadata` carried over; never larger
 * than the original.
 * Messages the strategy wrote itself (a summary, say) stay where it put them, and are data: none of them is a system
 * message, a call or a result. Answers the original itself when nothing was gained.
 */
export function enforceInvariants(original: Context, answer: Context): Context {
  if (isSameList(original.messages, answer.messages)) return original;
  const ordered = inOriginalOrder(original.messages, answer.messages.filter(isMessage));
  const kept = new Set(ordered.map((message) => message.id));

  const latestUser = latestOfUser(original.messages);
  if (latestUser) kept.add(latestUser.id);
  const list = openList(original.messages);
  // What else was called with it may be of any size.
  if (list?.message.toolCalls?.length === 1) kept.add(list.message.id);
  completePairs(original.messages, kept);

  const woven = weave(original.messages, ordered, kept, latestUser);
  const messages = list && !kept.has(list.message.id) ? withList(woven, list, latestUser) : woven;
  if (isSameList(messages, original.messages) || estimateTokens(messages) > estimateTokens(original.messages))
    return original;
  return { messages, metadata: { ...original.metadata, ...plain(answer.metadata) } };
}

function isSameList(one: readonly Message[], other: readonly Message[]): boolean {
  return one.length === other.length && one.every((message, index) => message === other[index]);
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

function plain(metadata: unknown): Context['metadata'] {
  return isRecord(metadata) ? metadata : {};
}

/** The list of steps, while some are open. */
function openList(messages: readonly Message[]): ReturnType<typeof latestTodos> {
  const list = latestTodos(messages);
  return list && currentTodo(list.todos) ? list : undefined;
}

/** The call of the list alone with its answer, before the latest message of the user: nothing is torn apart there. */
function withList(
  messages: readonly Message[],
  { call, message, result }: NonNullable<ReturnType<typeof latestTodos>>,
  latestUser: Message | undefined,
): readonly Message[] {
  const place = messages.findIndex(({ id }) => id === latestUser?.id);
  if (place < 0) return messages;
  const alone: Message = { id: message.id, role: 'assistant', content: '', toolCalls: [call] };
  return [...messages.slice(0, place), alone, result, ...messages.slice(place)];
}

/** A summary has the role of the user but is nothing the user said. */
function latestOfUser(messages: readonly Message[]): Message | undefined {
  return messages.findLast((message) => message.role === 'user' && !message.summary && !message.command);
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
  const latestCaller = new Map<string, string>();
  const group = new Map<string, string[]>();
  const callerOf = new Map<string, string>();
  for (const { id, toolCalls, toolCallId } of original) {
    // A server may number its calls anew in every turn: a result belongs to the latest call with its id.
    for (const call of toolCalls ?? []) latestCaller.set(call.id, id);
    const caller = toolCallId === undefined ? undefined : latestCaller.get(toolCallId);
    if (caller === undefined) continue;
    callerOf.set(id, caller);
    group.set(caller, [...(group.get(caller) ?? []), id]);
  }
  for (const id of [...kept]) {
    const caller = callerOf.get(id);
    if (caller !== undefined) kept.add(caller);
  }
  for (const id of [...kept]) for (const result of group.get(id) ?? []) kept.add(result);
}

/** System messages first, then the kept originals in order with the strategy's own messages between them. */
function weave(
  original: readonly Message[],
  ordered: readonly Message[],
  kept: ReadonlySet<string>,
  latestUser: Message | undefined,
): readonly Message[] {
  const known = new Map(original.map((message) => [message.id, message]));
  const rewritten = new Map(ordered.map((message) => [message.id, message]));
  const rest: Message[] = [];
  let index = 0;
  const copyOriginalsUpTo = (id: string | undefined) => {
    for (; index < original.length; index++) {
      const message = original[index]!;
      if (message.id === id) return;
      if (message.role === 'system' || !kept.has(message.id)) continue;
      rest.push(message === latestUser ? message : faithful(message, rewritten.get(message.id)));
    }
  };
  for (const [place, message] of ordered.entries()) {
    if (known.has(message.id)) continue;
    const own = written(message);
    if (!own) continue;
    // A new message stands right before the original that followed it in the answer.
    const follower = ordered.slice(place + 1).find((one) => known.has(one.id) && one.role !== 'system');
    copyOriginalsUpTo(follower && afterResults(original, follower)?.id);
    rest.push(own);
  }
  copyOriginalsUpTo(undefined);
  return [...original.filter((message) => message.role === 'system'), ...rest];
}

/** The message itself; for a result, what comes behind all results of its call, because nothing may come between. */
function afterResults(original: readonly Message[], message: Message): Message | undefined {
  if (message.role !== 'tool') return message;
  const place = original.findIndex((one) => one.id === message.id);
  return original.slice(place).find((one) => one.role !== 'tool' && one.role !== 'system');
}

/** A strategy may shorten a message and leave out its pictures, but not change who said it or what it belongs to. */
function faithful(original: Message, rewritten: Message | undefined): Message {
  if (!rewritten || rewritten === original) return original;
  const { images, ...rest } = original;
  const content = rewritten.content.trim() === '' ? original.content : rewritten.content;
  const shortened = { ...rest, content, ...(images && rewritten.images?.length ? { images } : {}) };
  return estimateMessageTokens(shortened) < estimateMessageTokens(original) ? shortened : original;
}

/**
 * A message of the strategy's own, or nothing when it cannot be one: a result needs a call, and a call that nobody ran
 * has no result. What was meant as a system message becomes a summary, because what is compacted was not said with
 * the authority of one, and system messages are never dropped again.
 */
function written({ id, role, content, images, summary }: Message): Message | undefined {
  if (role === 'tool' || content.trim() === '') return undefined;
  if (role === 'assistant') return { id, role, content };
  const pictures = Array.isArray(images) ? images.filter(isImage) : [];
  return {
    id,
    role: 'user',
    content,
    ...(pictures.length > 0 ? { images: pictures } : {}),
    ...(role === 'system' || summary === true ? { summary: true } : {}),
  };
}

function isImage(value: unknown): value is Image {
  const { mediaType, data } = (value ?? {}) as Partial<Image>;
  return typeof mediaType === 'string' && typeof data === 'string';
}
