import type { Image, Message, Thinking } from '../core/message.js';
import type { ProviderRequest, RequestMessage } from '../core/provider.js';
import type { ToolDefinition } from '../core/tool.js';
import { modelFacts } from './catalogue.js';
import { continueText, emptyResultText, emptyUserText } from './placeholders.js';
import { wireCallIds, wireToolName } from './wire-names.js';

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
  const { messages, volatile } = wireMessages(request.messages);
  const userMessages = messages.filter((message) => message.role === 'user');
  for (const { content } of userMessages.slice(-2)) {
    markCached(content.findLast((block) => !volatile.has(block)));
  }
  return {
    model: request.model,
    max_tokens: Math.min(request.maxTokens, facts.known ? facts.maxOutput : request.maxTokens),
    ...(system.length ? { system } : {}),
    ...(request.tools.length ? { tools: wireTools(request.tools) } : {}),
    messages,
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

/** The messages, and which of their blocks are volatile. */
function wireMessages(messages: readonly RequestMessage[]): {
  messages: WireMessage[];
  volatile: ReadonlySet<Block>;
} {
  const ids = wireCallIds(messages);
  const wire: WireMessage[] = [];
  const volatile = new Set<Block>();
  const add = (role: WireMessage['role'], content: Block[]): void => {
    if (content.length === 0) return;
    const last = wire.at(-1);
    if (last?.role === role) last.content.push(...content);
    else wire.push({ role, content });
  };
  for (const message of messages) {
    if (message.role === 'user') add('user', userBlocks(message));
    else if (message.role === 'tool') add('user', [resultBlock(message, ids.result(message))]);
    else if (message.role === 'assistant') {
      add('assistant', [
        ...thinkingBlocks(message.thinking),
        ...textBlocks(message.content),
        ...(message.toolCalls ?? []).map((call) => {
          return { type: 'tool_use', id: ids.call(call), name: wireToolName(call.name), input: call.input };
        }),
      ]);
    }
    // Behind the results of a message, which the API wants first.
    const note = message.role === 'assistant' ? [] : textBlocks(message.volatile ?? '');
    for (const block of note) volatile.add(block);
    add('user', note);
  }
  // Current models refuse to continue an assistant message that was cut; they are asked to in words.
  if (wire.at(-1)?.role !== 'user') add('user', textBlocks(continueText));
  return { messages: wire, volatile };
}

function userBlocks(message: Message): Block[] {
  const blocks = [...(message.images ?? []).map(imageBlock), ...textBlocks(message.content)];
  return blocks.length ? blocks : textBlocks(emptyUserText);
}

/** The API refuses empty text. */
function textBlocks(text: string): Block[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

/** Reasoning without a signature is another provider's, or was cut; the API takes back only what it signed. */
function thinkingBlocks(thinking: readonly Thinking[] = []): Block[] {
  return thinking.flatMap(({ text, signature, redacted }): Block[] => {
    if (redacted) return [{ type: 'redacted_thinking', data: text }];
    return signature ? [{ type: 'thinking', thinking: text, signature }] : [];
  });
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
