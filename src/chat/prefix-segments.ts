import { createHash } from 'node:crypto';
import type { PromptPart } from '../core/coordinator.js';
import { growsFrom } from '../core/growing-list.js';
import type { Message } from '../core/message.js';
import type { ProviderRequest, RequestMessage } from '../core/provider.js';
import type { ToolDefinition } from '../core/tool.js';

/** What of a request a provider may cache, in no provider's dialect. */
export interface Prefix extends Pick<ProviderRequest, 'tools' | 'messages'> {
  /** `provider/model`: no two share a cache. */
  readonly model: string;
  /** Without a contributor where nobody tells who says what. */
  readonly parts: readonly (Omit<PromptPart, 'contributor'> & Partial<PromptPart>)[];
}

/** Kinds in the order in which providers put them together. */
const order = ['model', 'tool', 'system', 'message', 'note'] as const;

/** One piece of a prefix. Equal hashes mean equal words on the wire. */
export interface Segment {
  readonly kind: (typeof order)[number];
  /** Of a tool its name, of a system section its own, of a message who speaks. */
  readonly name: string;
  /** The contributor of a system section. */
  readonly contributor?: string;
  readonly hash: string;
}

/** Messages and definitions of tools never change once they are made, so each is hashed once and not with every call. */
const known = new WeakMap<object, readonly Segment[]>();

/** The segments of a request: the model, each tool, each system section, each message and the note behind it. */
export function prefixSegments({ model, tools, parts, messages }: Prefix): readonly Segment[] {
  const segments: Segment[] = [{ kind: 'model', name: model, hash: model }];
  for (const tool of tools) segments.push(...(known.get(tool) ?? remember(tool, toolSegments(tool))));
  for (const part of parts) segments.push(systemSegment(part));
  const add = (message: RequestMessage) =>
    segments.push(...(known.get(message) ?? remember(message, messageSegments(message))));
  // Providers put a system message of the conversation behind the system prompt.
  for (const message of messages) if (message.role === 'system') add(message);
  for (const message of messages) if (message.role !== 'system') add(message);
  return segments;
}

/**
 * Whether a request is the one before it with messages added at its end. Where it is, no segment changed, and that is seen
 * without a look into a single message; where it is not, the segments tell.
 */
export function onlyGrew(before: Prefix, now: Prefix): boolean {
  return (
    before.model === now.model &&
    isSameList(before.tools, now.tools, (one, other) => one === other) &&
    isSameList(
      before.parts,
      now.parts,
      (one, { section, text }) => one.section === section && one.text === text,
    ) &&
    growsFrom(now.messages, before.messages) &&
    // A system message goes before all others.
    !now.messages.slice(before.messages.length).some(({ role }) => role === 'system')
  );
}

/** `tool Read`, `system section language`, `message 3 (user)`, `note behind message 3`, `model a/b`. */
export function segmentName(segments: readonly Segment[], index: number): string {
  const { kind, name } = segments[index]!;
  if (kind === 'system') return `system section ${name}`;
  if (kind !== 'message' && kind !== 'note') return `${kind} ${name}`;
  const number = segments.slice(0, index + 1).filter((one) => one.kind === 'message').length;
  return kind === 'note' ? `note behind message ${number}` : `message ${number} (${name})`;
}

/** The place of the first segment that is not as before; `undefined` when something was only added at the end. */
export function firstChange(before: readonly Segment[], now: readonly Segment[]): number | undefined {
  const index = before.findIndex((one, at) => !isSame(one, now[at]));
  return index < 0 ? undefined : index;
}

/** Which of the two segments in one place was the one that changed: what is new, or gone, rather than what moved. */
export function changedSegment(
  before: readonly Segment[],
  now: readonly Segment[],
  at: number,
): { readonly segments: readonly Segment[]; readonly at: number } {
  const [old, fresh] = [before[at], now[at]];
  if (!fresh || (old && rank(old) < rank(fresh))) return { segments: before, at };
  const isGone =
    old !== undefined && rank(old) === rank(fresh) && !isNamed(now, old) && isNamed(before, fresh);
  return isGone ? { segments: before, at } : { segments: now, at };
}

function toolSegments({ name, description, inputSchema }: ToolDefinition): readonly Segment[] {
  return [{ kind: 'tool', name, hash: hashOf([name, description, inputSchema]) }];
}

function systemSegment({ section, contributor, text }: Prefix['parts'][number]): Segment {
  const who = contributor === undefined ? {} : { contributor };
  return { kind: 'system', name: section, ...who, hash: hashOf(text) };
}

function messageSegments(message: RequestMessage): readonly Segment[] {
  const { volatile = '' } = message;
  const said: Segment = { kind: 'message', name: speaker(message), hash: hashOf(wordsOf(message)) };
  return volatile === '' ? [said] : [said, { kind: 'note', name: 'note', hash: hashOf(volatile) }];
}

function wordsOf({ role, content, toolCalls, thinking, toolCallId, isError, images }: Message): unknown {
  return [role, content, toolCalls, thinking, toolCallId, isError, images];
}

function speaker({ role, toolName }: Message): string {
  return role === 'tool' ? `result of ${toolName ?? 'a tool'}` : role;
}

function remember(owner: object, segments: readonly Segment[]): readonly Segment[] {
  known.set(owner, segments);
  return segments;
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

function isSame(one: Segment, other: Segment | undefined): boolean {
  return one === other || (one.kind === other?.kind && one.name === other.name && one.hash === other.hash);
}

function isSameList<Item>(
  some: readonly Item[],
  others: readonly Item[],
  isSameItem: (one: Item, other: Item) => boolean,
): boolean {
  return some.length === others.length && some.every((one, at) => isSameItem(one, others[at]!));
}

function isNamed(segments: readonly Segment[], { kind, name }: Segment): boolean {
  return segments.some((one) => one.kind === kind && one.name === name);
}

/** Notes stand between messages. */
function rank({ kind }: Segment): number {
  return Math.min(order.indexOf(kind), order.indexOf('message'));
}
