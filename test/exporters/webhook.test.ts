import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createWebhookExporter, type WebhookExporterOptions } from '../../src/exporters/webhook.js';
import { events } from './events.js';
import { startSink } from './sink.js';

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...events[0]!, id: `e${index}` }));

describe('webhook exporter', () => {
  it('posts the events as a JSON array with the headers of the options', async () => {
    const sink = await startSink();
    const headers = { Authorization: `Bearer \${HOOK_TOKEN}`, 'content-TYPE': 'text/plain', 'X-Team': 'one' };
    const exporter = createWebhookExporter(
      { url: `${sink.url}/hook?key=1`, headers },
      { HOOK_TOKEN: 's3cret' },
    );
    expect(await exporter.export(events)).toEqual({ success: true, exportedCount: 3 });
    expect(sink.requests).toHaveLength(1);
    const [request] = sink.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/hook?key=1' });
    expect(JSON.parse(request!.body)).toEqual(events);
    expect(request!.headers).toMatchObject({
      authorization: 'Bearer s3cret',
      'content-type': 'application/json',
      'x-team': 'one',
    });
    expect(request!.headers).not.toHaveProperty('victor-signature');
  });

  it('signs time and body with the secret of an environment variable', async () => {
    const sink = await startSink();
    const exporter = createWebhookExporter(
      { url: sink.url, secretVariable: 'HOOK_KEY' },
      { HOOK_KEY: 'k€y' },
    );
    const before = Math.floor(Date.now() / 1000);
    await exporter.export(events);
    const { headers, body } = sink.requests[0]!;
    const [, time = '', signature = ''] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['victor-signature'])) ?? [];
    expect(Number(time)).toBeGreaterThanOrEqual(before);
    expect(Number(time)).toBeLessThanOrEqual(Date.now() / 1000);
    expect(signature).toBe(createHmac('sha256', 'k€y').update(`${time}.${body}`).digest('hex'));
  });

  it('gives the same events the same idempotency key, and others another', async () => {
    const sink = await startSink();
    const [first, second] = [
      createWebhookExporter({ url: sink.url }),
      createWebhookExporter({ url: sink.url }),
    ];
    await first.export(events);
    await second.export(events);
    await second.export(events.slice(1));
    const keys = sink.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('sends 500 events a request, in order', async () => {
    const sink = await startSink();
    expect(await createWebhookExporter({ url: sink.url }).export(many(1_200))).toEqual({
      success: true,
      exportedCount: 1_200,
    });
    const bodies = sink.requests.map(({ body }) => JSON.parse(body) as { id: string }[]);
    expect(bodies.map(({ length }) => length)).toEqual([500, 500, 200]);
    expect(bodies.flat().map(({ id }) => id)).toEqual(many(1_200).map(({ id }) => id));
  });

  it('answers how many were confirmed when a later request fails, and tries no more', async () => {
    let left = 1;
    const sink = await startSink(() => ({ status: left-- > 0 ? 204 : 503 }));
    expect(await createWebhookExporter({ url: sink.url }).export(many(1_200))).toEqual({
      success: false,
      exportedCount: 500,
      error: `${sink.host} answered 503`,
    });
    expect(sink.requests).toHaveLength(2);
  });

  it('sends nothing for no events', async () => {
    const sink = await startSink();
    expect(await createWebhookExporter({ url: sink.url }).export([])).toEqual({
      success: true,
      exportedCount: 0,
    });
    expect(sink.requests).toEqual([]);
  });

  it('follows no redirect, which would carry the headers elsewhere', async () => {
    const other = await startSink();
    const sink = await startSink(() => ({ status: 307, headers: { location: `${other.url}/` } }));
    const result = await createWebhookExporter({ url: sink.url }).export(events);
    expect(result).toMatchObject({ success: false, exportedCount: 0 });
    expect(result.error).toContain('redirect');
    expect(other.requests).toEqual([]);
  });

  it('gives up on a server that does not answer', async () => {
    const sink = await startSink(() => ({ afterMs: Number.POSITIVE_INFINITY }));
    const result = await createWebhookExporter({ url: sink.url, timeoutMs: 100 }).export(events);
    expect(result).toMatchObject({ success: false, error: expect.stringContaining('within 100 ms') });
  });

  it('close ends a request that is under way', async () => {
    const sink = await startSink(() => ({ afterMs: Number.POSITIVE_INFINITY }));
    const exporter = createWebhookExporter({ url: sink.url });
    const result = exporter.export(events);
    await expect.poll(() => sink.requests.length).toBe(1);
    await exporter.close?.();
    expect(await result).toMatchObject({ success: false, error: expect.stringContaining('aborted') });
  });

  it('tells of a failure neither path nor query nor header', async () => {
    const environment = { HOOK: 'http://127.0.0.1:1/path-s3cret?key=s3cret', TOKEN: 's3cret' };
    const headers = { authorization: `Bearer \${TOKEN}` };
    const refused = await createWebhookExporter({ urlVariable: 'HOOK', headers }, environment).export(events);
    expect(refused).toEqual({ success: false, exportedCount: 0, error: '127.0.0.1:1: ECONNREFUSED' });
    const broken = await createWebhookExporter({ urlVariable: 'HOOK' }, { HOOK: 'ftp://s3cret' }).export(
      events,
    );
    expect(broken).toMatchObject({
      success: false,
      error: expect.stringMatching(/variable HOOK: expected an/),
    });
    expect(JSON.stringify([refused, broken])).not.toContain('s3cret');
    const split = { ...environment, TOKEN: 's3cret\nx: y' };
    const bad = await createWebhookExporter({ urlVariable: 'HOOK', headers }, split).export(events);
    expect(bad.success).toBe(false);
    expect(bad.error).not.toContain('s3cret');
  });

  it('a variable that is not set fails the export and is named', async () => {
    const sink = await startSink();
    for (const options of [
      { url: sink.url, secretVariable: 'NOT_SET' },
      { url: sink.url, headers: { a: `\${NOT_SET}` } },
      { urlVariable: 'NOT_SET' },
    ]) {
      expect(await createWebhookExporter(options, {}).export(events)).toEqual({
        success: false,
        exportedCount: 0,
        error: 'the environment variable NOT_SET is not set',
      });
    }
    expect(sink.requests).toEqual([]);
  });

  it('sends no secret unencrypted to another machine', async () => {
    const headers = { authorization: `\${TOKEN}` };
    const exporter = createWebhookExporter(
      { url: 'http://hooks.example.com/', headers },
      { TOKEN: 's3cret' },
    );
    expect(await exporter.export(events)).toMatchObject({
      success: false,
      error: expect.stringContaining('use https'),
    });
  });

  it.each([
    [{}, /expected either url or urlVariable/],
    [{ url: 'https://a.example', urlVariable: 'A' }, /expected either url or urlVariable/],
    [{ url: 'ftp://a.example' }, /url: expected an address that starts with http/],
    [{ url: 'https://user:s3cret@a.example' }, /url: expected .* without a user name/],
    [{ url: 'https://a.example', headers: { 'a b': 'c' } }, /headers.*name of a header|headers/],
    [{ url: 'https://a.example', headers: { a: 7 } }, /headers\.a: expected string/],
    [{ url: 'https://a.example', secretVariable: 's3cret-key' }, /secretVariable: expected the name/],
    [{ url: 'https://a.example', timeoutMs: 0 }, /timeoutMs/],
    [{ url: 'https://a.example', header: {} }, /no option "header"/],
  ])('is not made from %j, and the error shows no value', (options, text) => {
    const make = () => createWebhookExporter(options as WebhookExporterOptions);
    expect(make).toThrow(text);
    expect(make).not.toThrow(/s3cret/);
  });
});
