import type { Provider } from '../../src/core/provider.js';
import { AnthropicProvider } from '../../src/providers/anthropic.js';
import type { ConnectionOptions } from '../../src/providers/connection-options.js';
import { OpenAIProvider } from '../../src/providers/openai.js';
import { anthropicProblems, openAIProblems, responsesProblems } from '../helpers/wire-problems.js';

type Fields = Readonly<Record<string, unknown>>;

/** A wire protocol under test. Everything in this folder runs once for each of these entries. */
export interface Dialect {
  readonly name: string;
  /** What `--model` names. */
  readonly model: string;
  /** Where requests for answers go. */
  readonly path: string;
  /** The environment that sends `victor` to the server at `url`, which has no path. */
  environment(url: string): Readonly<Record<string, string>>;
  /** What the user's settings say so that `victor` speaks this dialect; nothing when absent. */
  readonly settings?: Fields;
  connect(url: string, options?: ConnectionOptions): Provider;
  /** What is wrong with a request's body, in words. */
  problems(body: Fields): string[];
  /** An answer is complete with the last event of its stream, and not before. */
  readonly needsLastEvent: boolean;
  /** A stream without any of these has not said that its answer is complete. */
  readonly complete: RegExp;
  /** How a stream names the kind of what holds the text of the answer. */
  readonly textBlock: string;
  /** How often a stream tells each text: in pieces, and as a whole in events that sum up. */
  readonly tellings: number;
  /**
   * What a parsed event says as text; `undefined` when it is none of the answer's text. Where a stream tells a text more
   * than once, each way to hear it is one of these, and only one of them is heard.
   */
  readonly textsIn: readonly ((event: Fields) => string | undefined)[];
}

export const dialects: readonly Dialect[] = [
  {
    name: 'anthropic',
    model: 'anthropic/claude-sonnet-4-5',
    path: '/v1/messages',
    environment: (url) => ({ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'test-key' }),
    connect: (url, options) => new AnthropicProvider({ apiKey: 'test-key', baseURL: url, ...options }),
    problems: anthropicProblems,
    needsLastEvent: true,
    complete: /message_stop/,
    textBlock: '"type":"text"',
    tellings: 1,
    textsIn: [({ delta, content_block }) => textOf(delta, 'text') ?? textOf(content_block, 'text')],
  },
  {
    name: 'openai',
    model: 'openai/gpt-4o',
    path: '/v1/chat/completions',
    environment: (url) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: 'test-key' }),
    connect: (url, options) => new OpenAIProvider({ apiKey: 'test-key', baseURL: `${url}/v1`, ...options }),
    problems: openAIProblems,
    needsLastEvent: false,
    complete: /"finish_reason":"|\[DONE\]/,
    textBlock: '"type":"text"',
    tellings: 1,
    textsIn: [({ choices }) => textOf((choices as Fields[] | undefined)?.[0]?.delta, 'content')],
  },
  {
    name: 'responses',
    model: 'openai/gpt-5.4',
    path: '/v1/responses',
    environment: (url) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: 'test-key' }),
    settings: { provider: ['openai', { api: 'responses' }] },
    connect: (url, options) =>
      new OpenAIProvider({ apiKey: 'test-key', baseURL: `${url}/v1`, api: 'responses', ...options }),
    problems: responsesProblems,
    needsLastEvent: true,
    // All of the event: it repeats the whole answer, so that many cuts are in it.
    complete: /"type":"response\.(completed|incomplete)".*\}\s*$/m,
    textBlock: '"type":"message"',
    tellings: 4,
    textsIn: [
      ({ type, delta }) => (type === 'response.output_text.delta' ? textOf({ delta }, 'delta') : undefined),
      ({ item }) => messageText([item]),
      ({ response }) => messageText((response as Fields | null | undefined)?.output),
    ],
  },
];

/** The text of the messages among the items of a response. */
function messageText(items: unknown): string | undefined {
  if (!Array.isArray(items)) return undefined;
  const parts = items.flatMap((item) => {
    const content = (item as Fields | null)?.content;
    return Array.isArray(content) ? content.map((part) => textOf(part, 'text')) : [];
  });
  return parts.filter(Boolean).join('') || undefined;
}

function textOf(value: unknown, key: string): string | undefined {
  const text = (value as Fields | null | undefined)?.[key];
  return typeof text === 'string' ? text : undefined;
}

/** The bytes with which the server at `url` answers this dialect: its script decides which step, by `recorded` in the body. */
export async function recordStream(dialect: Dialect, url: string): Promise<Buffer> {
  const model = dialect.model.split('/')[1];
  const body = JSON.stringify({ model, recorded: true, stream_options: { include_usage: true } });
  const response = await fetch(url + dialect.path, { method: 'POST', body });
  return Buffer.from(await response.arrayBuffer());
}
