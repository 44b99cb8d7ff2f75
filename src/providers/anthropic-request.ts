import { readOnce } from '../core/growing-list.js';
import type { Image, Message, Thinking } from '../core/message.js';
import type { ProviderRequest, RequestMessage } from '../core/provider.js';
import type { ToolDefinition } from '../core/tool.js';
import { answerParts } from './answer-parts.js';
import { modelFacts } from './catalogue.js';
import { closedSchema } from './closed-schema.js';
import { continueText, emptyResultText, emptyUserText, goOnText } from './placeholders.js';
import { readableMessages } from './readable-messages.js';
import { WireCallIds, wireToolName } from './wire-names.js';

interface Block {
  readonly type: string;
  readonly [key: string]: unknown;
  cache_control?: { type: 'ephemeral' };
}

interface WireMessage {
  readonly role: 'user' | 'assistant';
  readonly content: Block[];
}

/**
 * A request in the Messages API's words. Cache breakpoints (the API takes four): the last tool, the stable system
 * prompt, and the last two user messages, of which the earlier is where the previous request ended, because the API
 * looks back only 20 blocks for a cached prefix and a turn with many tool calls is longer than that. Volatile text
 * stands behind the breakpoint of its message.
 */
export function anthropicRequest(request: ProviderRequest): Readonly<Record<string, unknown>> {
  const facts = modelFacts(request.model);
  const system = systemBlocks(request);
  const messages = wireMessages(readableMessages(request));
  const schema = closedSchema(request.answerSchema);
  return {
    model: request.model,
    max_tokens: Math.min(request.maxTokens, facts.known ? facts.maxOutput : request.maxTokens),
    ...(system.length ? { system } : {}),
    ...(request.tools.length ? { tools: wireTools(request.tools) } : {}),
    messages,
    ...(schema ? { output_config: { format: { type: 'json_schema', schema } } } : {}),
    ...(facts.preservesThinking ? { thinking: preservedThinking } : {}),
    stream: true,
  };
}

/** Sent with every request to a model that preserves thinking. */
export const thinkingBindingBeta = 'thinking-binding-controls-2026-08-01';

/**
 * These models think unless told otherwise and refuse thinking blocks after the conversation before them has changed,
 * which compaction does. Such blocks are to be dropped instead. Without a display they would send no words at all
 * between tool calls.
 */
const preservedThinking = {
  type: 'adaptive',
  display: 'summarized',
  block_binding: { prefix_mismatch_behavior: 'drop_block' },
};

function systemBlocks(request: ProviderRequest): Block[] {
  const inMessages = request.messages.filter((message) => message.role === 'system');
  const blocks = [request.system, ...inMessages.map((message) => message.content)]
    .filter((text) => text.trim() !== '')
    .map((text): Block => ({ type: 'text', text }));
  // Only the first is stable; what compaction or a contributor adds comes after the breakpoint.
  markCached(blocks[0]);
  return blocks;
}

function wireTools(tools: readonly ToolDefinition[]): unknown[] {
  return tools.map(({ name, description, inputSchema }, position) => ({
    name,
    description,
    input_schema: inputSchema,
    ...(position === tools.length - 1 ? { cache_control: { type: 'ephemeral' } } : {}),
  }));
}

/** The messages of a conversation on the wire, as far as they were read. */
interface Wire {
  readonly ids: WireCallIds;
  readonly messages: WireMessage[];
  /** Blocks that stand behind the breakpoint of their message. */
  readonly volatile: WeakSet<Block>;
  /** The last message broke off. */
  broken: boolean;
}

/** A conversation is said anew with every request, and most of it as before: only what is new of it is put into words. */
const read = readOnce<RequestMessage, Wire>(
  () => ({ ids: new WireCallIds(), messages: [], volatile: new WeakSet(), broken: false }),
  addMessage,
);

function wireMessages(conversation: readonly RequestMessage[]): WireMessage[] {
  const { messages, volatile, broken } = read(conversation);
  const all = [...messages];
  // Current models refuse to continue an assistant message that was cut; they are asked to in words.
  if (all.at(-1)?.role !== 'user') add(all, 'user', textBlocks(broken ? goOnText : continueText));
  let marks = 2;
  for (let index = all.length - 1; index >= 0 && marks > 0; index -= 1) {
    const { role, content } = all[index]!;
    if (role !== 'user') continue;
    all[index] = { role, content: withMark(content, volatile) };
    marks -= 1;
  }
  return all;
}

/** A copy, because the next request is marked elsewhere. */
function withMark(content: readonly Block[], volatile: WeakSet<Block>): Block[] {
  const marked = [...content];
  const at = marked.findLastIndex((block) => !volatile.has(block));
  if (at >= 0) marked[at] = { ...marked[at]!, cache_control: { type: 'ephemeral' } };
  return marked;
}

function add(wire: WireMessage[], role: WireMessage['role'], content: Block[]): void {
  if (content.length === 0) return;
  const last = wire.at(-1);
  if (last?.role === role) last.content.push(...content);
  else wire.push({ role, content });
}

function addMessage(wire: Wire, message: RequestMessage): void {
  const { ids, messages, volatile } = wire;
  ids.add(message);
  if (message.role === 'user') add(messages, 'user', userBlocks(message));
  else if (message.role === 'tool') add(messages, 'user', [resultBlock(message, ids.result(message))]);
  else if (message.role === 'assistant') {
    if (wire.broken) add(messages, 'user', textBlocks(goOnText));
    add(messages, 'assistant', answerBlocks(message, ids));
  }
  // Behind the results of a message, which the API wants first.
  const note = message.role === 'assistant' ? [] : textBlocks(message.volatile ?? '');
  for (const block of note) volatile.add(block);
  add(messages, 'user', note);
  wire.broken = message.partial === true;
}

function userBlocks(message: Message): Block[] {
  const blocks = [...(message.images ?? []).map(imageBlock), ...textBlocks(message.content)];
  return blocks.length ? blocks : textBlocks(emptyUserText);
}

/** The API refuses empty text. */
function textBlocks(text: string): Block[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

function answerBlocks(message: Message, ids: WireCallIds): Block[] {
  return [...answerParts(message)].flatMap((part): Block[] => {
    if (part.kind === 'text') return textBlocks(part.text);
    if (part.kind === 'thinking') return thinkingBlocks(part.thinking);
    const { name, input } = part.call;
    return [{ type: 'tool_use', id: ids.call(part.call), name: wireToolName(name), input }];
  });
}

/** Reasoning without a signature is another provider's, or was cut; the API takes back only what it signed. */
function thinkingBlocks({ text, signature, redacted }: Thinking): Block[] {
  if (redacted) return [{ type: 'redacted_thinking', data: text }];
  return signature ? [{ type: 'thinking', thinking: text, signature }] : [];
}

function resultBlock(message: Message, id: string): Block {
  const text = message.content.trim() === '' ? emptyResultText : message.content;
  const content = message.images?.length ? [...textBlocks(text), ...message.images.map(imageBlock)] : text;
  const error = message.isError ? { is_error: true } : {};
  return { type: 'tool_result', tool_use_id: id, content, ...error };
}

function imageBlock({ mediaType, data }: Image): Block {
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data } };
}

function markCached(block: Block | undefined): void {
  if (block) block.cache_control = { type: 'ephemeral' };
}
