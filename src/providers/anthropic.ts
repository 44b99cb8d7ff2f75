import { AbortedError } from '../core/errors.js';
import type { Provider, ProviderEvent, ProviderRequest } from '../core/provider.js';
import type { AnthropicClient } from './anthropic-client.js';
import { anthropicRequest, thinkingBindingBeta } from './anthropic-request.js';
import { AnthropicMessage } from './anthropic-stream.js';
import { modelFacts } from './catalogue.js';
import type { ConnectionOptions } from './connection-options.js';
import { httpFetch } from './http-fetch.js';
import { overConnection } from './over-connection.js';
import { type ErrorContext, providerError } from './provider-errors.js';
import { readStream } from './read-stream.js';
import { silentLogger } from './silent-logger.js';

export interface AnthropicProviderOptions extends ConnectionOptions {
  readonly apiKey: string;
}

interface ModelList {
  readonly data?: readonly { readonly id: string }[];
}

const ownAddress = 'https://api.anthropic.com';

/** Claude through Anthropic's Messages API. The SDK is loaded with the first request. */
export class AnthropicProvider implements Provider {
  readonly name: string;
  // Private fields stay out of what inspecting or serialising a provider shows.
  readonly #options: AnthropicProviderOptions;
  #client: Promise<AnthropicClient> | undefined;

  constructor(options: AnthropicProviderOptions) {
    this.name = options.name ?? 'anthropic';
    this.#options = options;
  }

  stream(request: ProviderRequest, signal: AbortSignal): AsyncGenerator<ProviderEvent, void> {
    return overConnection(this.#context(signal), (connection) => this.#read(request, connection));
  }

  async *#read(
    request: ProviderRequest,
    connection: AbortController,
  ): AsyncGenerator<ProviderEvent, boolean> {
    const client = await this.#connect();
    const preserves = modelFacts(request.model).preservesThinking;
    const options = {
      body: anthropicRequest(request),
      stream: true,
      signal: connection.signal,
      ...(preserves ? { headers: { 'anthropic-beta': thinkingBindingBeta } } : {}),
    };
    const response = await client.post('/v1/messages', options).asResponse();
    const { progressTimeoutMs } = this.#options;
    const reading = { provider: this.name, progressTimeoutMs, closingMs: 200 };
    return yield* readStream(response, new AnthropicMessage(), reading);
  }

  async listModels(signal: AbortSignal): Promise<readonly string[]> {
    if (signal.aborted) throw new AbortedError();
    try {
      const client = await this.#connect();
      const list = await client.get<ModelList>('/v1/models', { query: { limit: 1000 }, signal });
      return (list.data ?? []).map((model) => model.id);
    } catch (error) {
      throw providerError(error, this.#context(signal));
    }
  }

  #connect(): Promise<AnthropicClient> {
    this.#client ??= this.#load();
    return this.#client;
  }

  async #load(): Promise<AnthropicClient> {
    const { AnthropicClient: Client } = await import('./anthropic-client.js');
    const { apiKey, baseURL = ownAddress, headers } = this.#options;
    return new Client({
      apiKey,
      baseURL,
      fetch: this.#options.fetch ?? httpFetch({ ...this.#options, provider: this.name }),
      // The provider coordinator retries, so that the user sees it.
      maxRetries: 0,
      logger: silentLogger,
      logLevel: 'off',
      openTelemetry: false,
      ...(headers ? { defaultHeaders: headers } : {}),
    });
  }

  #context(signal: AbortSignal): ErrorContext & { readonly signal: AbortSignal } {
    const { apiKey, baseURL = ownAddress, apiKeyVariable = 'ANTHROPIC_API_KEY' } = this.#options;
    return { provider: this.name, baseURL, apiKey, apiKeyVariable, signal };
  }
}
