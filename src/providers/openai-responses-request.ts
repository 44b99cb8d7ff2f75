import { readOnce } from '../core/growing-list.js';
import type { Image, Message } from '../core/message.js';
import type { ProviderRequest, RequestMessage } from '../core/provider.js';
import { answerParts } from './answer-parts.js';
import { modelFacts } from './catalogue.js';
import { closedSchema } from './closed-schema.js';
import { joinedSystem, withVolatile } from './joined-text.js';
import { continueText, emptyResultText, emptyUserText, goOnText } from './placeholders.js';
import { readableMessages } from './readable-messages.js';
import { WireCallIds, wireToolName } from './wire-names.js';

type Fields = Record<string, unknown>;

/**
 * A request in the Responses API's words. Nothing is stored at the provider: every request carries the whole
 * conversation, and the reasoning of earlier answers in the encrypted form that they brought. `host` is who is asked.
 */
export function responsesRequest(request: ProviderRequest, host: string): Readonly<Fields> {
  const facts = modelFacts(request.model);
  const limit = Math.min(request.maxTokens, facts.known ? facts.maxOutput : request.maxTokens);
  const instructions = joinedSystem(request);
  const schema = closedSchema(request.answerSchema);
  return {
    model: request.model,
    ...(instructions ? { instructions } : {}),
    input: inputItems(readableMessages(request), `${host} ${request.model}`),
    ...(request.tools.length ? { tools: wireTools(request) } : {}),
    max_output_tokens: limit,
    store: false,
    // Models that do not reason answer 400 to both.
    ...(facts.thinking ? { reasoning: { summary: 'auto' }, include: ['reasoning.encrypted_content'] } : {}),
    ...(schema ? { text: { format: { type: 'json_schema', name: 'answer', schema, strict: true } } } : {}),
    stream: true,
  };
}

/** The items of a conversation, as far as they were read. */
interface Input {
  readonly ids: WireCallIds;
  readonly items: Fields[];
  /** The last message broke off. */
  broken: boolean;
}

/** By who is asked: each gets only his own reasoning back. */
const readers = new Map<string, (messages: readonly RequestMessage[]) => Input>();

/** A conversation is said anew with every request, and most of it as before: only what is new of it is put into words. */
function readerFor(from: string): (messages: readonly RequestMessage[]) => Input {
  const known = readers.get(from);
  if (known) return known;
  const reader = readOnce<RequestMessage, Input>(
    () => ({ ids: new WireCallIds(), items: [], broken: false }),
    (input, message) => addMessage(input, message, from),
  );
  readers.set(from, reader);
  return reader;
}

function inputItems(messages: readonly RequestMessage[], from: string): Fields[] {
  const { items, broken } = readerFor(from)(messages);
  const last = items.at(-1);
  const isOpen = last?.role === 'user' || last?.type === 'function_call_output';
  return isOpen ? [...items] : [...items, asked(broken ? goOnText : continueText)];
}

function addMessage(input: Input, message: RequestMessage, from: string): void {
  const { ids, items } = input;
  ids.add(message);
  if (message.role === 'user') items.push({ role: 'user', content: userContent(message) });
  else if (message.role === 'tool') {
    items.push({ type: 'function_call_output', call_id: ids.result(message), output: output(message) });
  } else if (message.role === 'assistant') {
    if (input.broken) items.push(asked(goOnText));
    items.push(...answerItems(message, ids, from));
  }
  input.broken = message.partial === true;
}

function asked(text: string): Fields {
  return { role: 'user', content: [{ type: 'input_text', text }] };
}

function userContent(message: RequestMessage): Fields[] {
  const { content, images = [] } = message;
  const text = withVolatile(content.trim() === '' && images.length === 0 ? emptyUserText : content, message);
  return [...images.map(imagePart), ...(text.trim() === '' ? [] : [{ type: 'input_text', text }])];
}

function output(message: RequestMessage): string | Fields[] {
  const text = withVolatile(message.content || emptyResultText, message);
  const { images = [] } = message;
  return images.length === 0 ? text : [{ type: 'input_text', text }, ...images.map(imagePart)];
}

/** Each text and each call behind the reasoning that led to it. What another model has thought is refused. */
function answerItems(message: Message, ids: WireCallIds, from: string): Fields[] {
  return [...answerParts(message)].flatMap((part): Fields[] => {
    if (part.kind === 'text') return [{ role: 'assistant', content: part.text }];
    if (part.kind === 'call') {
      const { name, input } = part.call;
      const call = {
        call_id: ids.call(part.call),
        name: wireToolName(name),
        arguments: JSON.stringify(input),
      };
      return [{ type: 'function_call', ...call }];
    }
    const { item } = part.thinking;
    if (item?.from !== from) return [];
    const summary = item.summary.map((text) => ({ type: 'summary_text', text }));
    return [{ type: 'reasoning', id: item.id, summary, encrypted_content: item.encrypted }];
  });
}

function imagePart({ mediaType, data }: Image): Fields {
  return { type: 'input_image', detail: 'auto', image_url: `data:${mediaType};base64,${data}` };
}

function wireTools({ tools }: ProviderRequest): Fields[] {
  return tools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    name,
    description,
    parameters: inputSchema,
    // Strict schemas may have no optional argument, and ours have.
    strict: false,
  }));
}
