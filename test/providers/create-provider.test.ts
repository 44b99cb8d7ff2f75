import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/core/errors.js';
import { contextWindow, modelFacts, unknownModel } from '../../src/providers/catalogue.js';
import { type CreateProviderOptions, createProvider } from '../../src/providers/create-provider.js';
import { detectLocalServers } from '../../src/providers/local-servers.js';
import { presets } from '../../src/providers/presets.js';
import { type ModelServer, startModelServer } from '../helpers/model-server.js';
import { canaryKey, events, everythingIn, textOf } from './drive.js';

let server: ModelServer;
afterEach(() => server?.close());

function problem(options: CreateProviderOptions): ConfigError {
  try {
    createProvider(options);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('The provider was made.');
}

describe('createProvider', () => {
  it('makes every preset under its own name, local ones without a key', () => {
    for (const [name, preset] of Object.entries(presets)) {
      const environment =
        preset.apiKeyVariable && preset.keyRequired ? { [preset.apiKeyVariable]: canaryKey } : {};
      expect(createProvider({ name, environment }).name).toBe(name);
    }
  });

  it('names the variable to set when a key is missing or empty', () => {
    for (const [name, preset] of Object.entries(presets)) {
      if (!preset.keyRequired) continue;
      const error = problem({ name, environment: { [preset.apiKeyVariable!]: ' ' } });
      expect(error.advice).toContain(preset.apiKeyVariable);
    }
  });

  it('names the nearest provider and lists all of them for a name it does not know', () => {
    expect(problem({ name: 'antropic', environment: {} }).advice).toMatch(
      /mean anthropic\? Choose one of anthropic, /,
    );
    expect(problem({ name: 'olama', environment: {} }).advice).toMatch(
      /mean ollama\? Choose one of anthropic, /,
    );
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(problem({ name, environment: {} }).key).toBe('provider');
    }
  });

  it('takes the address from the environment for Anthropic and OpenAI, unless one is given', async () => {
    server = await startModelServer([{ text: 'a' }, { text: 'o' }, { text: 'given' }]);
    const environment = {
      ANTHROPIC_API_KEY: canaryKey,
      OPENAI_API_KEY: 'sk-other-key-000000000',
      ANTHROPIC_BASE_URL: server.url,
      OPENAI_BASE_URL: server.openAIUrl,
    };
    expect(textOf(await events(createProvider({ name: 'anthropic', environment })))).toBe('a');
    expect(textOf(await events(createProvider({ name: 'openai', environment })))).toBe('o');
    const elsewhere = { ...environment, ANTHROPIC_BASE_URL: 'http://127.0.0.1:1' };
    const given = createProvider({ name: 'anthropic', environment: elsewhere, baseURL: `${server.url}/` });
    expect(textOf(await events(given))).toBe('given');
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${canaryKey}`,
      'Bearer sk-other-key-000000000',
      `Bearer ${canaryKey}`,
    ]);
  });

  it('the address in the environment is for its own provider only', async () => {
    server = await startModelServer([]);
    const environment = { OPENAI_BASE_URL: server.openAIUrl, DEEPSEEK_API_KEY: canaryKey };
    const provider = createProvider({ name: 'deepseek', environment, baseURL: 'http://127.0.0.1:1/v1' });
    await expect(events(provider)).rejects.toThrow('ECONNREFUSED');
    expect(server.connections).toBe(0);
  });

  it('prefers a given key, without the line break of its file', async () => {
    server = await startModelServer([{ text: 'ok' }]);
    const environment = { OPENAI_API_KEY: 'sk-other-key-000000000' };
    await events(
      createProvider({ name: 'openai', environment, apiKey: `${canaryKey}\n`, baseURL: server.openAIUrl }),
    );
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${canaryKey}`);
  });

  it('C05: with a list of hosts, refuses to send a key to any other, and says how to allow it', () => {
    const environment = { ANTHROPIC_API_KEY: canaryKey };
    const asked = { name: 'anthropic', environment, baseURL: 'https://evil.example/v1', credentialHosts: [] };
    const error = problem(asked);
    expect(error.key).toBe('credentialHosts');
    expect(error.advice).toContain('evil.example');
    expect(everythingIn(error)).not.toContain(canaryKey);
    expect(createProvider({ ...asked, credentialHosts: ['evil.example'] }).name).toBe('anthropic');
    expect(createProvider({ ...asked, baseURL: 'https://api.anthropic.com' }).name).toBe('anthropic');
    expect(problem({ ...asked, baseURL: 'https://api.anthropic.com.evil.example' }).key).toBe(
      'credentialHosts',
    );
    expect(createProvider({ ...asked, baseURL: 'http://127.0.0.1:9/v1' }).name).toBe('anthropic');
  });

  it('takes headers and another key variable from its entry, and refuses what it does not know', async () => {
    server = await startModelServer([{ text: 'ok' }]);
    const provider = createProvider({
      name: 'openai',
      environment: { GATEWAY_KEY: canaryKey },
      options: { baseURL: server.openAIUrl, apiKeyVariable: 'GATEWAY_KEY', headers: { 'x-team': 'blue' } },
    });
    await events(provider);
    expect(server.requests[0]?.headers).toMatchObject({
      'x-team': 'blue',
      authorization: `Bearer ${canaryKey}`,
    });
    const environment = { OPENAI_API_KEY: canaryKey };
    expect(problem({ name: 'openai', environment, options: { baseUrl: 'x' } }).key).toBe('provider.baseUrl');
    expect(problem({ name: 'openai', environment, options: { headers: { a: 1 } } }).key).toBe(
      'provider.headers',
    );
    for (const baseURL of ['file:///etc/passwd', 'not a url']) {
      expect(problem({ name: 'openai', environment, baseURL }).key).toBe('baseURL');
    }
  });
});

describe('the catalogue', () => {
  it('knows models by the start of their name, whoever serves them', () => {
    expect(contextWindow('claude-sonnet-4-5-20250929')).toBe(200_000);
    expect(contextWindow('anthropic/claude-sonnet-5.5')).toBe(1_000_000);
    expect(modelFacts('claude-sonnet-5').preservesThinking).toBe(false);
    expect(modelFacts('claude-sonnet-5-5').preservesThinking).toBe(true);
    expect(contextWindow('gpt-5-mini')).toBe(400_000);
    expect(contextWindow('gpt-5.4')).toBe(1_050_000);
  });

  it('assumes 128,000 tokens of a model it does not know, and knows that it does', () => {
    expect(modelFacts('my-own-model')).toBe(unknownModel);
    expect(contextWindow('o365-assistant')).toBe(128_000);
  });

  it('knows the default model of every preset', () => {
    for (const { defaultModel } of Object.values(presets)) {
      if (defaultModel) expect(modelFacts(defaultModel).known, defaultModel).toBe(true);
    }
  });
});

describe('local servers', () => {
  it('are found with their models, and nothing is said about those that are not there', async () => {
    server = await startModelServer([], { models: ['llama3.2', 'qwen3-coder'] });
    const { signal } = new AbortController();
    const addresses = { ollama: server.openAIUrl, lmstudio: 'http://127.0.0.1:1/v1' };
    expect(await detectLocalServers(signal, addresses)).toEqual([
      { name: 'Ollama', provider: 'ollama', models: ['ollama/llama3.2', 'ollama/qwen3-coder'] },
    ]);
    expect(server.otherRequests[0]?.headers.authorization).toBeUndefined();
  });

  it('that do not answer, or answer something else, are not there', async () => {
    server = await startModelServer([]);
    const addresses = { ollama: `${server.url}/nothing`, lmstudio: 'http://127.0.0.1:1/v1' };
    expect(await detectLocalServers(new AbortController().signal, addresses)).toEqual([]);
    const aborted = AbortSignal.abort();
    expect(await detectLocalServers(aborted, { ollama: server.openAIUrl })).toEqual([]);
  });
});
