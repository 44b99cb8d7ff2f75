import { afterEach, describe, expect, it } from 'vitest';
import { assistantMessage, toolMessage, userMessage } from '../../src/core/message.js';
import { createProvider } from '../../src/providers/create-provider.js';
import { httpFetch } from '../../src/providers/http-fetch.js';
import { OpenAIProvider } from '../../src/providers/openai.js';
import { presets } from '../../src/providers/presets.js';
import { type ModelServer, startModelServer } from '../helpers/model-server.js';
import { canaryKey, events, readTool, request } from './drive.js';

let server: ModelServer;
afterEach(() => server?.close());

/** What each service documents: its address, where answers are asked for, the variable of its key. */
const documented: readonly [name: string, address: string, path: string, variable: string | undefined][] = [
  ['openrouter', 'https://openrouter.ai/api/v1', '/api/v1/chat/completions', 'OPENROUTER_API_KEY'],
  ['ollama', 'http://127.0.0.1:11434/v1', '/v1/chat/completions', undefined],
  ['lmstudio', 'http://127.0.0.1:1234/v1', '/v1/chat/completions', undefined],
  ['vllm', 'http://127.0.0.1:8000/v1', '/v1/chat/completions', 'VLLM_API_KEY'],
  ['groq', 'https://api.groq.com/openai/v1', '/openai/v1/chat/completions', 'GROQ_API_KEY'],
  ['deepseek', 'https://api.deepseek.com/v1', '/v1/chat/completions', 'DEEPSEEK_API_KEY'],
  ['mistral', 'https://api.mistral.ai/v1', '/v1/chat/completions', 'MISTRAL_API_KEY'],
  [
    'gemini',
    'https://generativelanguage.googleapis.com/v1beta/openai',
    '/v1beta/openai/chat/completions',
    'GEMINI_API_KEY',
  ],
  ['anthropic', 'https://api.anthropic.com', '/v1/messages', 'ANTHROPIC_API_KEY'],
];

/** Everybody's keys, so that one that goes to the wrong house would be seen. */
const everyKey = Object.fromEntries(
  Object.values(presets).flatMap(({ apiKeyVariable }) =>
    apiKeyVariable ? [[apiKeyVariable, `key-of-${apiKeyVariable}`]] : [],
  ),
);

describe('what a preset sends', () => {
  it.each(documented)(
    '%s: to %s, and the key of its own variable or none',
    async (name, address, path, variable) => {
      expect(presets[name]?.baseURL).toBe(address);
      server = await startModelServer([{ text: 'Hello' }]);
      // The same path on this machine.
      const baseURL = server.url + new URL(address).pathname.replace(/\/$/, '');
      const provider = createProvider({ name, environment: everyKey, baseURL });
      const model = presets[name]?.defaultModel ?? 'llama3.2';
      const all = await events(provider, request({ model, tools: [readTool] }));
      expect(all.at(-1)).toMatchObject({ type: 'end', stopReason: 'end', usage: expect.anything() });
      expect(server.otherRequests).toEqual([]);
      const [sent] = server.requests;
      expect(sent).toMatchObject({ method: 'POST', path });
      expect(sent?.headers['content-type']).toBe('application/json');
      const key = variable === undefined ? undefined : `key-of-${variable}`;
      if (name === 'anthropic')
        expect(sent?.headers['x-api-key'] ?? sent?.headers.authorization).toContain(key);
      else expect(sent?.headers.authorization).toBe(key && `Bearer ${key}`);
      const others = Object.values(everyKey).filter((one) => one !== key);
      for (const other of others) expect(JSON.stringify(sent)).not.toContain(other);
      expect(sent?.body).toMatchObject({ model, stream: true });
      if (name !== 'anthropic') {
        expect(sent?.body).toMatchObject({ max_tokens: 1_000, stream_options: { include_usage: true } });
      }
    },
  );

  it.each(documented)('%s lists its models beside where it answers', async (name, address) => {
    server = await startModelServer([], { models: ['one', 'two'] });
    const path = new URL(address).pathname.replace(/\/$/, '');
    const provider = createProvider({ name, environment: everyKey, baseURL: server.url + path });
    expect(await provider.listModels?.(new AbortController().signal)).toEqual(['one', 'two']);
    expect(server.otherRequests[0]?.path).toBe(name === 'anthropic' ? '/v1/models' : `${path}/models`);
  });

  it('openai: to OpenAI itself the Responses API, to another address Chat Completions, unless its entry says so', async () => {
    expect(presets.openai?.baseURL).toBe('https://api.openai.com/v1');
    server = await startModelServer([{ text: 'a' }, { text: 'b' }]);
    const asked = { name: 'openai', environment: { OPENAI_API_KEY: canaryKey }, baseURL: server.openAIUrl };
    await events(createProvider(asked));
    await events(createProvider({ ...asked, options: { api: 'responses' } }));
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions', '/v1/responses']);
    for (const { headers } of server.requests) expect(headers.authorization).toBe(`Bearer ${canaryKey}`);
  });

  it('an api that does not exist, or that a dialect does not have, is refused', () => {
    const environment = { OPENAI_API_KEY: canaryKey, ANTHROPIC_API_KEY: canaryKey };
    expect(() => createProvider({ name: 'openai', environment, options: { api: 'assistants' } })).toThrow(
      'does not take api',
    );
    expect(() => createProvider({ name: 'anthropic', environment, options: { api: 'chat' } })).toThrow(
      'does not take api',
    );
  });

  it.each([
    ['https://api.deepseek.com/v1', /"reasoning_content":"hm"/, /thought_signature/],
    [
      'https://generativelanguage.googleapis.com/v1beta/openai',
      /"thought_signature":"skip/,
      /reasoning_content/,
    ],
    ['https://api.groq.com/openai/v1', /"tool_calls"/, /reasoning_content|thought_signature/],
    ['https://api.openai.com/v1', /"max_completion_tokens":1000/, /"max_tokens"/],
  ])(
    '%s gets with a call what it asks for, and nothing that others do',
    async (baseURL, wanted, unwanted) => {
      server = await startModelServer([{ text: 'ok' }]);
      const send = httpFetch({ provider: 'test' });
      const redirect = ((url: string, init: RequestInit) =>
        send(server.url + new URL(url).pathname, init)) as typeof fetch;
      const provider = new OpenAIProvider({ apiKey: canaryKey, baseURL, api: 'chat', fetch: redirect });
      const call = { id: 'c1', name: 'Read', input: {} };
      const messages = [
        userMessage('hi'),
        assistantMessage('', { toolCalls: [call], thinking: [{ text: 'hm' }] }),
        toolMessage(call, 'x'),
      ];
      await events(provider, request({ messages }));
      expect(server.requests[0]?.rawBody).toMatch(wanted);
      expect(server.requests[0]?.rawBody).not.toMatch(unwanted);
    },
  );
});

describe('V23: an answer that is an error, with status 200', () => {
  it.each([
    ['in the stream', 'data: {"error":{"message":"Model overloaded","code":503}}\n\n', 'overloaded'],
    ['in the stream, as text', 'data: {"error":"model not found"}\n\n', 'overloaded'],
    ['about credit', 'data: {"error":{"message":"Insufficient credits","code":402}}\n\n', 'authentication'],
  ])('%s is a typed error with advice', async (_title, body, kind) => {
    server = await startModelServer([{ body }]);
    const provider = new OpenAIProvider({ baseURL: server.openAIUrl });
    const failed = await events(provider).catch((error) => error);
    expect(failed).toMatchObject({ kind, advice: expect.stringMatching(/^[A-Z].*\.$/) });
  });

  it('as plain JSON instead of a stream is an error too, never an empty answer', async () => {
    server = await startModelServer([{ body: { error: { message: 'no such model' } }, status: 200 }]);
    const failed = await events(new OpenAIProvider({ baseURL: server.openAIUrl })).catch((error) => error);
    expect(failed).toMatchObject({ code: expect.stringMatching(/^provider-/) });
  });
});

describe('a model that reads text only', () => {
  it('is told in words that there were pictures; one that nobody knows gets them', async () => {
    const image = { mediaType: 'image/png', data: 'aGk=' };
    server = await startModelServer([{ text: 'a' }, { text: 'b' }, { text: 'c' }]);
    const messages = [userMessage('look', [image, image])];
    const asked = { apiKey: canaryKey, baseURL: server.openAIUrl };
    await events(new OpenAIProvider(asked), request({ messages, model: 'openai/gpt-oss-120b' }));
    await events(new OpenAIProvider({ ...asked, api: 'responses' }), request({ messages, model: 'o3-mini' }));
    await events(new OpenAIProvider(asked), request({ messages, model: 'my-own' }));
    const [chat, responses, unknown] = server.requests.map(({ rawBody }) => rawBody);
    for (const body of [chat, responses]) {
      expect(body).toContain('2 pictures were left out: this model reads text only.');
      expect(body).not.toContain('aGk=');
    }
    expect(unknown).toContain('data:image/png;base64,aGk=');
  });
});
