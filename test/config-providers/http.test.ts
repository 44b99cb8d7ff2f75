import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { builtInConfigProviders } from '../../src/config-providers/index.js';
import { startConfigService } from './config-service.js';

const provider = (options: Record<string, unknown>, environment: NodeJS.ProcessEnv = {}) =>
  builtInConfigProviders(environment).http!(options);

describe('http config provider', () => {
  it('asks /config/<id> below the address with the key as bearer, and answers the JSON object', async () => {
    const { url, requests } = await startConfigService((_, response) => {
      response.end('{"model":"m","prompt":{"context":{"team":"red"}}}');
    });
    const http = provider({ url: `${url}/v1/`, apiKeyVariable: 'TEAM_KEY' }, { TEAM_KEY: 'k-1\n' });
    const config = await http.getConfig('tenant/7 ä?x=1#y');
    expect(config).toEqual({ model: 'm', prompt: { context: { team: 'red' } } });
    expect(requests[0]).toMatchObject({
      method: 'GET',
      url: '/v1/config/tenant%2F7%20%C3%A4%3Fx%3D1%23y',
      headers: { authorization: 'Bearer k-1', accept: 'application/json' },
    });
  });

  it('puts the id where {sessionId} stands, and appends nothing then', async () => {
    const { url, requests } = await startConfigService((_, response) => response.end('{}'));
    await provider({ url: `${url}/t/{sessionId}/settings?for={sessionId}` }).getConfig('a&b');
    await provider({ url: `${url}/base?tenant=1` }).getConfig('a');
    expect(requests.map((request) => request.url)).toEqual([
      '/t/a%26b/settings?for=a%26b',
      '/base/config/a?tenant=1',
    ]);
    expect(requests[0]!.headers).not.toHaveProperty('authorization');
  });

  it.each(['.', '..'])('asks nothing for the id %j, which would lead to another address', async (id) => {
    const { url, requests } = await startConfigService((_, response) => response.end('{"model":"other"}'));
    await expect(provider({ url: `${url}/a/b` }).getConfig(id)).rejects.toMatchObject({ code: 'extension' });
    expect(requests).toEqual([]);
  });

  it.each([404, 204])('status %i is no answer, so that the next provider is asked', async (status) => {
    const { url } = await startConfigService((_, response) => response.writeHead(status).end());
    expect(await provider({ url }).getConfig('s')).toEqual({});
  });

  it('asks again with the ETag, and 304 is the answer from before', async () => {
    let version = 1;
    const { url, requests } = await startConfigService((request, response) => {
      const etag = `"v${version}-${request.url}"`;
      if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
      else response.writeHead(200, { etag }).end(`{"maxTurns":${version}}`);
    });
    const http = provider({ url });
    expect(await http.getConfig('a')).toEqual({ maxTurns: 1 });
    expect(await http.getConfig('a')).toEqual({ maxTurns: 1 });
    expect(requests[1]!.headers['if-none-match']).toBe('"v1-/config/a"');
    await http.getConfig('b');
    expect(requests[2]!.headers).not.toHaveProperty('if-none-match');
    version = 2;
    expect(await http.getConfig('a')).toEqual({ maxTurns: 2 });
  });

  it('asks nothing for maxAgeMs, for each session apart, and 404 is remembered too', async () => {
    const { url, requests } = await startConfigService((request, response) => {
      if (request.url === '/config/none') response.writeHead(404).end();
      else response.end(`{"model":"${request.url}"}`);
    });
    // On a clock that stands, or a machine that is busy for longer than that would decide how often it asks.
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const http = provider({ url, maxAgeMs: 200 });
    for (const id of ['a', 'b', 'none', 'a', 'b', 'none']) await http.getConfig(id);
    expect(await http.getConfig('b')).toEqual({ model: '/config/b' });
    expect(requests).toHaveLength(3);
    vi.advanceTimersByTime(200);
    await http.getConfig('a');
    expect(requests).toHaveLength(4);
  });

  it('remembers the last thousand sessions and no more', async () => {
    const { url, requests } = await startConfigService((_, response) => response.end('{}'));
    const http = provider({ url, maxAgeMs: 60_000 });
    for (let index = 0; index <= 1_000; index++) await http.getConfig(`${index}`);
    await http.getConfig('1000');
    await http.getConfig('1');
    expect(requests).toHaveLength(1_001);
    await http.getConfig('0');
    expect(requests).toHaveLength(1_002);
  });

  it('nobody who has an answer can change what the next one gets', async () => {
    const { url } = await startConfigService((_, response) => response.end('{"prompt":{"append":"x"}}'));
    const config = await provider({ url, maxAgeMs: 60_000 }).getConfig('a');
    expect(() => {
      (config.prompt as { append: string }).append = 'y';
    }).toThrow(TypeError);
  });

  it.each([
    [401, /refused access with status 401$/, /Check the key in TEAM_KEY/],
    [403, /refused access with status 403$/, /Check the key in TEAM_KEY/],
    [302, /redirects with status 302$/, /final address/],
    [304, /answered with status 304$/, /log of the service/],
    [500, /answered with status 500$/, /log of the service/],
  ])(
    'status %i is a typed error that shows host and reason, and no key, path or query',
    async (status, message, advice) => {
      const { url, requests } = await startConfigService((_, response) => {
        response.writeHead(status, { location: '/elsewhere' }).end('k-secret');
      });
      const http = provider(
        { url: `${url}/path?token=s3cret`, apiKeyVariable: 'TEAM_KEY' },
        { TEAM_KEY: 'k-secret' },
      );
      const error = (await Promise.resolve(http.getConfig('s')).catch((reason: unknown) => reason)) as Error;
      expect(error).toMatchObject({
        code: 'extension',
        message: expect.stringMatching(message) as string,
        advice: expect.stringMatching(advice) as string,
      });
      expect(error.message).toContain('127.0.0.1');
      expect(`${error.stack}${JSON.stringify(error)}`).not.toMatch(/k-secret|s3cret|\/path/);
      expect(requests).toHaveLength(1);
    },
  );

  it.each([
    ['text', '<html>secret</html>', 'something that is not JSON'],
    ['a list', '[]', 'a list instead of an object'],
    ['null', 'null', 'null instead of an object'],
    ['a number', '7', 'a number instead of an object'],
    ['too much', `{"model":"${'x'.repeat(256 * 1024)}"}`, 'more than 262144 bytes'],
  ])('%s is no answer but a typed error that does not quote it', async (_case, body, message) => {
    const { url } = await startConfigService((_, response) => response.end(body));
    await expect(provider({ url }).getConfig('s')).rejects.toMatchObject({
      code: 'extension',
      message: `${new URL(url).host} answered with ${message}`,
    });
  });

  it('gives up after timeoutMs, and says so when nobody listens', async () => {
    const { url } = await startConfigService(() => {});
    await expect(provider({ url, timeoutMs: 50 }).getConfig('s')).rejects.toMatchObject({
      code: 'extension',
      message: expect.stringMatching(/within 50 ms$/) as string,
    });
    await expect(provider({ url: 'http://127.0.0.1:1' }).getConfig('s')).rejects.toThrow(/ECONNREFUSED$/);
  });

  it.each([
    [undefined, 'TEAM_KEY is not set'],
    [' ', 'TEAM_KEY is not set'],
    ['a\r\nx-evil: 1', 'TEAM_KEY holds more than a key'],
  ])('asks nothing with %j for a key', async (key, message) => {
    const { url, requests } = await startConfigService((_, response) => response.end('{}'));
    const http = provider({ url, apiKeyVariable: 'TEAM_KEY' }, { TEAM_KEY: key });
    await expect(http.getConfig('s')).rejects.toMatchObject({ code: 'config', message });
    expect(requests).toEqual([]);
  });

  it.each([
    [{}, 'url'],
    [{ url: 'config.example.com' }, 'http:// or https://'],
    [{ url: 'file:///etc/passwd' }, 'http:// or https://'],
    [{ url: 'https://user:password@config.example.com' }, 'does not belong in it'],
    [{ url: 'http://config.example.com', apiKeyVariable: 'KEY' }, 'unencrypted'],
    [{ url: 'https://{sessionId}.example.com' }, 'may not choose the host'],
    [{ url: 'https://config.example.com', apiKey: 'k' }, 'apiKey'],
  ])('is not made from %j', (options, message) => {
    expect(() => provider(options)).toThrow(message);
  });

  it('sends no key unencrypted except to this machine', () => {
    const made = ['https://config.example.com', 'http://localhost:1', 'http://[::1]:1'].map((url) =>
      provider({ url, apiKeyVariable: 'KEY' }),
    );
    expect(made.map(({ name, priority }) => [name, priority])).toEqual(Array(3).fill(['http', 50]));
  });
});
