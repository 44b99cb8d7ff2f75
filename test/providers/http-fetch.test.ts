import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Provider } from '../../src/core/provider.js';
import { AnthropicProvider } from '../../src/providers/anthropic.js';
import { httpFetch } from '../../src/providers/http-fetch.js';
import { OpenAIProvider } from '../../src/providers/openai.js';
import { type ModelServer, startModelServer } from '../helpers/model-server.js';
import { canaryKey, events, everythingIn, failure, textOf } from './drive.js';

let server: ModelServer;
afterEach(() => server?.close());

type Addresses = Pick<ModelServer, 'url' | 'openAIUrl'>;
interface Limits {
  readonly firstByteTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
}
const dialects: Record<string, (server: Addresses, limits?: Limits) => Provider> = {
  anthropic: ({ url }, limits) => new AnthropicProvider({ apiKey: canaryKey, baseURL: url, ...limits }),
  openai: ({ openAIUrl }, limits) => new OpenAIProvider({ apiKey: canaryKey, baseURL: openAIUrl, ...limits }),
};

describe.each(Object.entries(dialects))('%s over node:http', (_name, connect) => {
  it('V05: no headers, headers then silence, and silence in the middle all count as stalled', async () => {
    server = await startModelServer([
      { stallBeforeHeaders: true },
      { text: 'hello', stallAfterBytes: 0 },
      { text: 'hello', error: { kind: 'stalled', message: 'x' } },
    ]);
    for (const step of [0, 1, 2]) {
      // What is silent in the middle has to begin in time, which a machine that is busy does not promise.
      const limits = step === 0 ? { firstByteTimeoutMs: 1_000 } : { idleTimeoutMs: 1_000 };
      const { events: before, error } = await failure(
        connect(server, { firstByteTimeoutMs: 60_000, ...limits }),
      );
      expect(error).toMatchObject({ kind: 'stalled', retryable: true });
      expect(textOf(before)).toBe(step === 2 ? 'hello' : '');
      expect(await server.requests[step]?.closed).toEqual({ completed: false });
    }
  });

  it('V05: an answer that takes its time, but never stops, is read to its end', async () => {
    server = await startModelServer([{ text: 'slow and steady', chunks: 15, delayMs: 100 }]);
    // Longer than any pause and shorter than the whole; the rest is for a machine that is busy.
    const patient = connect(server, { firstByteTimeoutMs: 60_000, idleTimeoutMs: 1_000 });
    expect(textOf(await events(patient))).toBe('slow and steady');
  });

  it('K13: a redirect is not followed, and the key never reaches the other address', async () => {
    const other = await startModelServer([{ text: 'thank you for the key' }]);
    server = await startModelServer(() => ({
      status: 307,
      headers: { location: `${other.url}/v1/messages?token=secret-in-query` },
    }));
    const { error } = await failure(connect(server));
    expect(other.requests).toHaveLength(0);
    expect(other.connections).toBe(0);
    expect(error).toMatchObject({ kind: 'invalid-request', status: 307, retryable: false });
    expect(error.message).toContain(other.url);
    expect(everythingIn(error)).not.toContain('secret-in-query');
    await other.close();
  });

  it('V04: nothing listening and a host that does not exist are network errors with advice', async () => {
    const closed = await startModelServer([]);
    await closed.close();
    const refused = await failure(connect(closed));
    expect(refused.error).toMatchObject({ kind: 'network' });
    expect(refused.error.message).toContain('ECONNREFUSED');
    expect(refused.error.advice).toContain('baseURL');
    const nowhere = { url: 'http://nowhere.invalid', openAIUrl: 'http://nowhere.invalid/v1' };
    const lost = await failure(connect(nowhere));
    expect(lost.error).toMatchObject({ kind: 'network' });
    expect(lost.error.message).toContain('nowhere.invalid');
  });

  it('V04: something that is no HTTP server is a typed error', async () => {
    const talker = createSocketServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
    talker.listen(0, '127.0.0.1');
    await once(talker, 'listening');
    const url = `http://127.0.0.1:${(talker.address() as AddressInfo).port}`;
    const { error } = await failure(connect({ url, openAIUrl: `${url}/v1` }));
    expect(['protocol', 'network']).toContain(error.kind);
    talker.close();
  });
});

it('V05: pings keep a connection alive, but not for ever', async () => {
  server = await startModelServer([{ pingEveryMs: 50 }]);
  const provider = new AnthropicProvider({
    apiKey: canaryKey,
    baseURL: server.url,
    idleTimeoutMs: 500,
    progressTimeoutMs: 1_000,
  });
  const { error } = await failure(provider);
  expect(error).toMatchObject({ kind: 'stalled' });
  expect(await server.requests[0]?.closed).toEqual({ completed: false });
});

it('both SDKs also run on a fetch of the caller', async () => {
  server = await startModelServer([
    { text: 'one', chunks: 2 },
    { text: 'two', chunks: 2 },
  ]);
  const used: string[] = [];
  const own: typeof fetch = (input, init) => {
    used.push(String(input));
    return fetch(input, init);
  };
  const anthropic = new AnthropicProvider({ apiKey: canaryKey, baseURL: server.url, fetch: own });
  const openai = new OpenAIProvider({ apiKey: canaryKey, baseURL: server.openAIUrl, fetch: own });
  expect(textOf(await events(anthropic))).toBe('one');
  expect(textOf(await events(openai))).toBe('two');
  expect(used).toEqual([`${server.url}/v1/messages`, `${server.url}/v1/chat/completions`]);
});

it('V04: a host that accepts and then says nothing of TLS is given up on', async () => {
  const silent = createSocketServer(() => {});
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const send = httpFetch({ provider: 'test', connectTimeoutMs: 100 });
  const provider = new OpenAIProvider({ apiKey: canaryKey, baseURL: url, fetch: send });
  const { error } = await failure(provider);
  expect(error).toMatchObject({ kind: 'network', retryable: true });
  silent.close();
});

it('V11: the body of an error is read up to a limit', async () => {
  const endless = createServer((_request, response) => {
    response.writeHead(500, { 'content-type': 'application/json' });
    const piece = Buffer.alloc(1024 * 1024, 'x');
    const more = (): void => {
      while (!response.destroyed && response.write(piece)) {}
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  });
  endless.listen(0, '127.0.0.1');
  await once(endless, 'listening');
  const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
  const provider = new AnthropicProvider({ apiKey: canaryKey, baseURL: url });
  const { error } = await failure(provider);
  expect(error).toMatchObject({ status: 500 });
  endless.closeAllConnections();
  endless.close();
});

it('leaves no listener behind on a signal that outlives its requests', async () => {
  server = await startModelServer([{ text: 'one' }], { repeat: true });
  const { signal } = new AbortController();
  let listeners = 0;
  const counted = new Proxy(signal, {
    get(target, key) {
      if (key === 'addEventListener') listeners += 1;
      if (key === 'removeEventListener') listeners -= 1;
      const value = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const send = httpFetch({ provider: 'test' });
  const response = await send(`${server.url}/v1/messages`, { method: 'POST', body: '{}', signal: counted });
  await response.text();
  await new Promise((resolve) => setImmediate(resolve));
  expect(listeners).toBe(0);
});
