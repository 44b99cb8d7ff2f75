import type OpenAI from 'openai';
import { AbortedError } from '../core/errors.js';
import type { Provider, ProviderEvent, ProviderRequest } from '../core/provider.js';
import type { ConnectionOptions } from './connection-options.js';
import { httpFetch } from './http-fetch.js';
import { openAIRequest } from './openai-request.js';
import { OpenAIMessage, type OpenAIWireChunk } from './openai-stream.js';
import { overConnection } from './over-connection.js';
import { type ErrorContext, providerError } from './provider-errors.js';
import { type Quirks, quirksOf } from './quirks.js';
import { readStream } from './read-stream.js';
import { silentLogger } from './silent-logger.js';
import { watchForDone } from './watch-for-done.js';

export interface OpenAIProviderOptions extends ConnectionOptions {
  /** Absent: no key is sent, as local servers want it. */
  readonly apiKey?: string | undefined;
}

const ownAddress = 'https://api.openai.com/v1';

/** OpenAI and every server that speaks Chat Completions. The SDK is loaded with the first request. */
export class OpenAIProvider implements Provider {
  readonly name: string;
  // Private fields stay out of what inspecting or serialising a provider shows.
  readonly #options: OpenAIProviderOptions;
  readonly #baseURL: string;
  readonly #quirks: Quirks;
  #client: Promise<OpenAI> | undefined;

  constructor(options: OpenAIProviderOptions = {}) {
    this.name = options.name ?? 'openai';
    this.#options = options;
    this.#baseURL = options.baseURL ?? ownAddress;
    this.#quirks = quirksOf(this.#baseURL);
  }

  stream(request: ProviderRequest, signal: AbortSignal): AsyncGenerator<ProviderEvent, void> {
    return overConnection(this.#context(signal), (connection) => this.#read(request, connection));
  }

  async *#read(
    request: ProviderRequest,
    connection: AbortController,
  ): AsyncGenerator<ProviderEvent, boolean> {
    const [client, { Stream }] = await Promise.all([this.#connect(), import('openai/streaming')]);
    const body = openAIRequest(request, this.#quirks);
    const response = await client
      .post('/chat/completions', { body, stream: true, signal: connection.signal })
      .asResponse();
    // The SDK swallows `[DONE]`, which is all that some servers end a message with.
    const { watched, isDone } = watchForDone(response);
    const chunks = Stream.fromSSEResponse<OpenAIWireChunk>(watched, connection, client);
    const message = new OpenAIMessage({ isDone, keepsReasoning: this.#quirks.returnsReasoning });
    // Usage comes in a chunk of its own after the last word.
    const { progressTimeoutMs } = this.#options;
    return yield* readStream(chunks, message, { provider: this.name, progressTimeoutMs, closingMs: 2_000 });
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
    const { apiKey, headers, firstByteTimeoutMs, idleTimeoutMs } = this.#options;
    return new Client({
      // The SDK insists on a key; without one the header that would carry it is taken out again.
      apiKey: apiKey ?? 'none',
      baseURL: this.#baseURL,
      fetch: this.#options.fetch ?? httpFetch({ provider: this.name, firstByteTimeoutMs, idleTimeoutMs }),
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
