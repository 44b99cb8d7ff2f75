import { afterEach, describe, expect, it } from 'vitest';
import type { ProviderErrorKind } from '../../src/core/errors.js';
import type { Provider } from '../../src/core/provider.js';
import { redact } from '../../src/core/redact.js';
import { AnthropicProvider } from '../../src/providers/anthropic.js';
import { OpenAIProvider } from '../../src/providers/openai.js';
import { retryAfterMs } from '../../src/providers/retry-after.js';
import { type ModelServer, type ServerStep, startModelServer } from '../helpers/model-server.js';
import { canaryKey, everythingIn, failure } from './drive.js';

let server: ModelServer;
afterEach(() => server?.close());

const dialects: Record<string, (server: ModelServer) => Provider> = {
  anthropic: ({ url }) => new AnthropicProvider({ apiKey: canaryKey, baseURL: url }),
  openai: ({ openAIUrl }) => new OpenAIProvider({ apiKey: canaryKey, baseURL: openAIUrl }),
  responses: ({ openAIUrl }) =>
    new OpenAIProvider({ apiKey: canaryKey, baseURL: openAIUrl, name: 'responses', api: 'responses' }),
};
const variables: Record<string, string> = {
  anthropic: 'ANTHROPIC_API_KEY',
  openai: 'OPENAI_API_KEY',
  responses: 'OPENAI_API_KEY',
};

describe.each(Object.entries(dialects))('errors of %s', (name, connect) => {
  const cases: [title: string, step: ServerStep, expected: object][] = [
    [
      '401',
      { error: { kind: 'authentication', message: 'bad key' } },
      { kind: 'authentication', retryable: false },
    ],
    ['403', { status: 403, body: {} }, { kind: 'authentication', retryable: false }],
    ['404', { status: 404, body: { error: { message: 'no such model' } } }, { kind: 'invalid-request' }],
    [
      '400',
      { error: { kind: 'invalid-request', message: 'nonsense' } },
      { kind: 'invalid-request', retryable: false },
    ],
    ['413', { status: 413, body: 'too large' }, { kind: 'context-length', retryable: false }],
    ['422', { status: 422, body: {} }, { kind: 'invalid-request', retryable: false }],
    ['429', { error: { kind: 'rate-limit', message: 'slow down' } }, { kind: 'rate-limit', retryable: true }],
    ['500', { status: 500, body: {} }, { kind: 'overloaded', retryable: true }],
    ['503', { status: 503, body: '<html>' }, { kind: 'overloaded', retryable: true }],
    ['529', { error: { kind: 'overloaded', message: 'busy' } }, { kind: 'overloaded', retryable: true }],
    ['402 no credit', { status: 402, body: {} }, { kind: 'authentication', retryable: false }],
    [
      '429 of a spending limit',
      { status: 429, headers: { 'x-should-retry': 'false' }, body: {} },
      { kind: 'authentication', retryable: false },
    ],
  ];
  it.each(cases)('V02, V03: %s', async (_title, step, expected) => {
    server = await startModelServer([step]);
    const { error } = await failure(connect(server));
    expect(error).toMatchObject({ ...expected, provider: name, requestId: 'req_test' });
    expect(error.status).toBeGreaterThanOrEqual(400);
    expect(error.advice).toMatch(/^[A-Z].*\.$/);
    expect(error.message).toContain(`${name} answered with status ${error.status} (request req_test)`);
  });

  it.each<readonly [ProviderErrorKind, string, ProviderErrorKind]>([
    ['invalid-request', 'no such field', 'invalid-request'],
    ['context-length', 'prompt is too long', 'context-length'],
    ['authentication', 'bad key', 'authentication'],
    ['rate-limit', 'slow down', 'rate-limit'],
    ['overloaded', 'busy', 'overloaded'],
    ['overloaded', 'insufficient_quota', 'authentication'],
  ])('V02, V07: %s (%s) inside a 200 answer is %s', async (kind, message, expected) => {
    server = await startModelServer([{ text: '', error: { kind, message } }]);
    expect((await failure(connect(server))).error.kind).toBe(expected);
  });

  it('V02: advice about the key names the variable it comes from', async () => {
    server = await startModelServer([{ error: { kind: 'authentication', message: 'bad key' } }]);
    const { error } = await failure(connect(server));
    expect(error.advice).toContain(variables[name]);
  });

  it.each([
    'prompt is too long: 210000 tokens > 200000 maximum',
    "This model's maximum context length is 128000 tokens",
    'the request exceeds the available context size',
  ])('V21: "%s" is a context overflow', async (message) => {
    server = await startModelServer([
      { status: 400, body: { error: { type: 'invalid_request_error', message } } },
    ]);
    const { error } = await failure(connect(server));
    expect(error).toMatchObject({ kind: 'context-length', retryable: false });
  });

  it.each([
    ['retry-after', '7', 7_000],
    ['retry-after', '0.5', 500],
    ['retry-after-ms', '120', 120],
    ['retry-after', '-5', undefined],
    ['retry-after', 'soon', undefined],
    ['retry-after', '1000000000', 86_400_000],
    ['x-nothing', '1', undefined],
  ])('V01: %s: %s', async (header, value, expected) => {
    server = await startModelServer([{ status: 429, headers: { [header]: value }, body: {} }]);
    const { error } = await failure(connect(server));
    expect(error.retryAfterMs).toBe(expected);
  });

  it('K02, K04: a key that the server echoes in headers, body or plain text is in no part of the error', async () => {
    const forms = [canaryKey, Buffer.from(canaryKey).toString('base64'), encodeURIComponent(canaryKey)];
    const echo = `Incorrect key ${forms.join(' or ')} for Bearer ${canaryKey}`;
    const headers = { 'x-echo': canaryKey, 'request-id': `req ${canaryKey}` };
    server = await startModelServer([
      {
        status: 401,
        headers,
        body: { error: { type: 'authentication_error', message: echo, authorization: echo } },
      },
      { status: 500, headers, body: echo },
      { text: 'hi', headers, error: { kind: 'overloaded', message: echo } },
      { text: 'hi', headers, error: { kind: 'network', message: echo } },
      { headers, body: `event: message_start\ndata: ${echo}\n\n` },
      { status: 302, headers: { ...headers, location: `https://example.org/?key=${canaryKey}` } },
    ]);
    const provider = connect(server);
    for (let turn = 0; turn < 6; turn += 1) {
      const { error } = await failure(provider);
      const everything = everythingIn(error);
      for (const form of forms) expect(everything).not.toContain(form);
    }
    expect(everythingIn(provider)).not.toContain(canaryKey);
    expect(JSON.stringify(provider)).not.toContain(canaryKey);
  });
});

describe('retryAfterMs', () => {
  const headers = (value: string) => ({ get: (name: string) => (name === 'retry-after' ? value : null) });

  it('reads an HTTP date, and takes one that is over for no word at all', () => {
    const soon = retryAfterMs(headers(new Date(Date.now() + 60_000).toUTCString()));
    expect(soon).toBeGreaterThan(50_000);
    expect(soon).toBeLessThanOrEqual(60_000);
    expect(retryAfterMs(headers('Wed, 21 Oct 2015 07:28:00 GMT'))).toBeUndefined();
  });
});

describe('redact', () => {
  it('takes out held keys in any of their forms and what looks like a key', () => {
    const secret = 'a+b/c secret';
    const text = `${secret} ${encodeURIComponent(secret)} ${Buffer.from(secret).toString('base64')} sk-proj-abcdefghijkl`;
    expect(redact(text, [secret])).toBe('[redacted] [redacted] [redacted] [redacted]');
  });

  it('leaves ordinary words alone', () => {
    const text = 'The task-runner asks for a bearer of news about sk-ills.';
    expect(redact(text, ['', 'a', undefined])).toBe(text);
  });
});
