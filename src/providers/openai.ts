import type OpenAI from 'openai';
import { AbortedError } from '../core/errors.js';
import type { Provider, ProviderEvent, ProviderRequest } from '../core/provider.js';
import type { ConnectionOptions } from './connection-options.js';
import { httpFetch } from './http-fetch.js';
import { openAIRequest } from './openai-request.js';
import { responsesRequest } from './openai-responses-request.js';
import { ResponsesMessage } from './openai-responses-stream.js';
import { OpenAIMessage } from './openai-stream.js';
import { overConnection } from './over-connection.js';
import { type ErrorContext, providerError } from './provider-errors.js';
import { type Quirks, quirksOf } from './quirks.js';
import { type ReadStreamOptions, readStream } from './read-stream.js';
import { silentLogger } from './silent-logger.js';

export interface OpenAIProviderOptions extends ConnectionOptions {
  /** Absent: no key is sent, as local servers want it. */
  readonly apiKey?: string | undefined;
  /**
   * `responses` keeps the reasoning between the calls of a turn; `chat` is what every compatible server speaks. Absent:
   * `responses` for OpenAI itself, `chat` for all others.
   */
  readonly api?: OpenAIApi | undefined;
}

export type OpenAIApi = 'chat' | 'responses';

const ownAddress = 'https://api.openai.com/v1';

/** OpenAI and every server that speaks Chat Completions or Responses. The SDK is loaded with the first request. */
export class OpenAIProvider implements Provider {
  readonly name: string;
  // Private fields stay out of what inspecting or serialising a provider shows.
  readonly #options: OpenAIProviderOptions;
  readonly #baseURL: string;
  readonly #quirks: Quirks;
  readonly #api: OpenAIApi;
  #client: Promise<OpenAI> | undefined;

  constructor(options: OpenAIProviderOptions = {}) {
    this.name = options.name ?? 'openai';
    this.#options = options;
    this.#baseURL = options.baseURL ?? ownAddress;
    this.#quirks = quirksOf(this.#baseURL);
    this.#api = options.api ?? (this.#quirks.isOpenAI ? 'responses' : 'chat');
  }

  stream(request: ProviderRequest, signal: AbortSignal): AsyncGenerator<ProviderEvent, void> {
    const read = this.#api === 'responses' ? this.#readResponse : this.#readChat;
    return overConnection(this.#context(signal), (connection) => read.call(this, request, connection));
  }

  async *#readResponse(
    request: ProviderRequest,
    connection: AbortController,
  ): AsyncGenerator<ProviderEvent, boolean> {
    const { host } = new URL(this.#baseURL);
    const response = await this.#post('/responses', responsesRequest(request, host), connection);
    const message = new ResponsesMessage({ from: `${host} ${request.model}` });
    return yield* readStream(response, message, { ...this.#reading(), closingMs: 200 });
  }

  async *#readChat(
    request: ProviderRequest,
    connection: AbortController,
  ): AsyncGenerator<ProviderEvent, boolean> {
    const body = openAIRequest(request, this.#quirks);
    const response = await this.#post('/chat/completions', body, connection);
    const message = new OpenAIMessage({ keepsReasoning: this.#quirks.returnsReasoning });
    // Usage comes in a chunk of its own after the last word.
    return yield* readStream(response, message, { ...this.#reading(), closingMs: 2_000 });
  }

  async #post(path: string, body: object, { signal }: AbortController): Promise<Response> {
    const client = await this.#connect();
    return client.post(path, { body, stream: true, signal }).asResponse();
  }

  #reading(): Pick<ReadStreamOptions, 'provider' | 'progressTimeoutMs'> {
    return { provider: this.name, progressTimeoutMs: this.#options.progressTimeoutMs };
  }

  async listModels(signal: AbortSignal): Promise<readonly string[]> {
    if (signal.aborted) throw new AbortedError();
    try {
      const client = await this.#connect();
      const models: string[] = [];
      for await (const model of client.models.list({ signal })) models.push(model.id);
      return models;
    } catch (error) {
      throw providerError(error, this.#context(signal));
    }
  }

  #connect(): Promise<OpenAI> {
    this.#client ??= this.#load();
    return this.#client;
  }

  async #load(): Promise<OpenAI> {
    const { OpenAI: Client } = await import('openai');
    const { apiKey, headers } = this.#options;
    return new Client({
      // The SDK insists on a key; without one the header that would carry it is taken out again.
      apiKey: apiKey ?? 'none',
      baseURL: this.#baseURL,
      fetch: this.#options.fetch ?? httpFetch({ ...this.#options, provider: this.name }),
      // The provider coordinator retries, so that the user sees it.
      maxRetries: 0,
      // Who one is at OpenAI is nobody else's business; the SDK takes these from the environment when they are absent.
      ...(this.#quirks.isOpenAI ? {} : { organization: null, project: null }),
      adminAPIKey: null,
      webhookSecret: null,
      logger: silentLogger,
      logLevel: 'off',
      defaultHeaders: { ...(apiKey ? {} : { Authorization: null }), ...headers },
    });
  }

  #context(signal: AbortSignal): ErrorContext & { readonly signal: AbortSignal } {
    const { apiKey, apiKeyVariable = 'OPENAI_API_KEY' } = this.#options;
    return { provider: this.name, baseURL: this.#baseURL, apiKey, apiKeyVariable, signal };
  }
}
