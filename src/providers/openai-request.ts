import { readOnce } from '../core/growing-list.js';
import type { Image, Message } from '../core/message.js';
import type { ProviderRequest, RequestMessage } from '../core/provider.js';
import { modelFacts } from './catalogue.js';
import { closedSchema } from './closed-schema.js';
import { joinedSystem, withVolatile } from './joined-text.js';
import { continueText, emptyResultText, emptyUserText, goOnText } from './placeholders.js';
import type { Quirks } from './quirks.js';
import { readableMessages } from './readable-messages.js';
import { WireCallIds, wireToolName } from './wire-names.js';

type Fields = Record<string, unknown>;

/** A request in Chat Completions' words, as the server with these quirks wants to hear them. */
export function openAIRequest(request: ProviderRequest, quirks: Quirks): Readonly<Fields> {
  const facts = modelFacts(request.model);
  const limit = Math.min(request.maxTokens, facts.known ? facts.maxOutput : request.maxTokens);
  const schema = closedSchema(request.answerSchema);
  return {
    model: request.model,
    messages: wireMessages(request, quirks),
    ...(request.tools.length ? { tools: wireTools(request) } : {}),
    ...(quirks.isOpenAI ? { max_completion_tokens: limit } : { max_tokens: limit }),
    ...(quirks.isOpenAI && request.tools.length && refusesToolsWithReasoning(request.model)
      ? { reasoning_effort: 'none' }
      : {}),
    // Others hold every message to it, and then the model calls no tool.
    ...(quirks.isOpenAI && schema
      ? { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } } }
      : {}),
    stream: true,
    stream_options: { include_usage: true },
  };
}

/** Chat Completions answers 400 for these models when tools come without an explicit `none`. */
function refusesToolsWithReasoning(model: string): boolean {
  return /^gpt-5\.([4-9]|\d\d)/.test(model);
}

/** The messages of a conversation on the wire, as far as they were read. */
interface Wire {
  readonly ids: WireCallIds;
  readonly messages: Fields[];
  /** Of results; they are shown behind the last of them. */
  pictures: Fields[];
  /** The last message broke off. */
  broken: boolean;
}

/** By server: each wants to hear the same messages in its own way. */
const readers = new WeakMap<Quirks, (messages: readonly RequestMessage[]) => Wire>();

/** A conversation is said anew with every request, and most of it as before: only what is new of it is put into words. */
function readerFor(quirks: Quirks): (messages: readonly RequestMessage[]) => Wire {
  const known = readers.get(quirks);
  if (known) return known;
  const reader = readOnce<RequestMessage, Wire>(
    () => ({ ids: new WireCallIds(), messages: [], pictures: [], broken: false }),
    (wire, message) => addMessage(wire, message, quirks),
  );
  readers.set(quirks, reader);
  return reader;
}

function wireMessages(request: ProviderRequest, quirks: Quirks): Fields[] {
  const { messages, pictures, broken } = readerFor(quirks)(readableMessages(request));
  const system = joinedSystem(request);
  // One system message, first: the chat templates of many local models accept it nowhere else.
  const first = system ? [{ role: 'system', content: system }] : [];
  const all = [...first, ...messages, ...shown(pictures)];
  if (all.at(-1)?.role === 'assistant') all.push({ role: 'user', content: broken ? goOnText : continueText });
  return all;
}

/** Tool messages hold text only, and nothing may stand between a turn's results: pictures follow them. */
function shown(pictures: Fields[]): Fields[] {
  return pictures.length ? [{ role: 'user', content: pictures }] : [];
}

function addMessage(wire: Wire, message: RequestMessage, quirks: Quirks): void {
  const { ids, messages } = wire;
  ids.add(message);
  if (message.role === 'tool') {
    messages.push({
      role: 'tool',
      tool_call_id: ids.result(message),
      content: withVolatile(message.content || emptyResultText, message),
    });
    const images = message.images ?? [];
    if (images.length === 0) return;
    const from = `From ${message.toolName ?? 'the tool'}:`;
    wire.pictures = [...wire.pictures, { type: 'text', text: from }, ...images.map(imagePart)];
    return;
  }
  messages.push(...shown(wire.pictures));
  wire.pictures = [];
  if (message.role === 'user') messages.push({ role: 'user', content: userContent(message) });
  else if (message.role === 'assistant') {
    if (wire.broken) messages.push({ role: 'user', content: goOnText });
    messages.push(...assistantMessage(message, ids, quirks));
  }
  wire.broken = message.partial === true;
}

function userContent(message: RequestMessage): unknown {
  const { content, images = [] } = message;
  const text = content.trim() === '' ? '' : content;
  if (images.length === 0) return withVolatile(text || emptyUserText, message);
  const words = withVolatile(text, message);
  return [...images.map(imagePart), ...(words ? [{ type: 'text', text: words }] : [])];
}

/** Nothing at all for a message that says nothing: it was interrupted before its first word. */
function assistantMessage(message: Message, ids: WireCallIds, quirks: Quirks): Fields[] {
  const calls = (message.toolCalls ?? []).map((call) => ({
    id: ids.call(call),
    type: 'function',
    function: { name: wireToolName(call.name), arguments: JSON.stringify(call.input) },
    ...quirks.callExtra,
  }));
  if (calls.length === 0 && message.content.trim() === '') return [];
  const reasoning = quirks.returnsReasoning ? (message.thinking ?? []).map((one) => one.text).join('') : '';
  return [
    {
      role: 'assistant',
      content: message.content || null,
      ...(reasoning ? { reasoning_content: reasoning } : {}),
      ...(calls.length ? { tool_calls: calls } : {}),
    },
  ];
}

function imagePart({ mediaType, data }: Image): Fields {
  return { type: 'image_url', image_url: { url: `data:${mediaType};base64,${data}` } };
}

function wireTools({ tools }: ProviderRequest): Fields[] {
  return tools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: { name, description, parameters: inputSchema },
  }));
}
