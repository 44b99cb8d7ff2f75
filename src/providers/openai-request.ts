import type { Image, Message } from '../core/message.js';
import type { ProviderRequest, RequestMessage } from '../core/provider.js';
import { modelFacts } from './catalogue.js';
import { continueText, emptyResultText, emptyUserText } from './placeholders.js';
import type { Quirks } from './quirks.js';
import { wireCallIds, wireToolName } from './wire-names.js';

type Fields = Record<string, unknown>;

/** A request in Chat Completions' words, as the server with these quirks wants to hear them. */
export function openAIRequest(request: ProviderRequest, quirks: Quirks): Readonly<Fields> {
  const facts = modelFacts(request.model);
  const limit = Math.min(request.maxTokens, facts.known ? facts.maxOutput : request.maxTokens);
  return {
    model: request.model,
    messages: wireMessages(request, quirks),
    ...(request.tools.length ? { tools: wireTools(request) } : {}),
    ...(quirks.isOpenAI ? { max_completion_tokens: limit } : { max_tokens: limit }),
    ...(quirks.isOpenAI && request.tools.length && refusesToolsWithReasoning(request.model)
      ? { reasoning_effort: 'none' }
      : {}),
    stream: true,
    stream_options: { include_usage: true },
  };
}

/** Chat Completions answers 400 for these models when tools come without an explicit `none`. */
function refusesToolsWithReasoning(model: string): boolean {
  return /^gpt-5\.([4-9]|\d\d)/.test(model);
}

function wireMessages(request: ProviderRequest, quirks: Quirks): Fields[] {
  const { messages } = request;
  const ids = wireCallIds(messages);
  const wire: Fields[] = [];
  const system = [request.system, ...messages.filter(isSystem).map((message) => message.content)]
    .filter((text) => text.trim() !== '')
    .join('\n\n');
  // One system message, first: the chat templates of many local models accept it nowhere else.
  if (system) wire.push({ role: 'system', content: system });

  let pictures: Fields[] = [];
  const showPictures = (): void => {
    // Tool messages hold text only, and nothing may stand between a turn's results: pictures follow them.
    if (pictures.length) wire.push({ role: 'user', content: pictures });
    pictures = [];
  };
  for (const message of messages) {
    if (message.role === 'tool') {
      wire.push({
        role: 'tool',
        tool_call_id: ids.result(message),
        content: withVolatile(message.content || emptyResultText, message),
      });
      const images = message.images ?? [];
      if (images.length) {
        const from = `From ${message.toolName ?? 'the tool'}:`;
        pictures.push({ type: 'text', text: from }, ...images.map(imagePart));
      }
      continue;
    }
    showPictures();
    if (message.role === 'user') wire.push({ role: 'user', content: userContent(message) });
    else if (message.role === 'assistant') wire.push(...assistantMessage(message, ids.call, quirks));
  }
  showPictures();
  if (wire.at(-1)?.role === 'assistant') wire.push({ role: 'user', content: continueText });
  return wire;
}

function isSystem(message: Message): boolean {
  return message.role === 'system';
}

function userContent(message: RequestMessage): unknown {
  const { content, images = [] } = message;
  const text = content.trim() === '' ? '' : content;
  if (images.length === 0) return withVolatile(text || emptyUserText, message);
  const words = withVolatile(text, message);
  return [...images.map(imagePart), ...(words ? [{ type: 'text', text: words }] : [])];
}

/**
 * Volatile text ends the message's own: a message for itself would stand behind a tool's, or behind another of the
 * user's, and some servers refuse both.
 */
function withVolatile(text: string, { volatile = '' }: RequestMessage): string {
  return [text, volatile].filter((one) => one !== '').join('\n\n');
}

/** Nothing at all for a message that says nothing: it was interrupted before its first word. */
function assistantMessage(
  message: Message,
  idOf: ReturnType<typeof wireCallIds>['call'],
  quirks: Quirks,
): Fields[] {
  const calls = (message.toolCalls ?? []).map((call) => ({
    id: idOf(call),
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
