import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { httpFetch } from '../../src/mcp/http-fetch.js';

it('a stream that is asked for again and again waits; documents that a login reads in a row do not', async () => {
  const server = createServer((_, response) => void response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const send = httpFetch(() => {});
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const streams = { headers: { accept: 'text/event-stream' }, signal: controller.signal };
  let isStreamed = false;
  await send(url, streams);
  // Behind these seven it would be a minute.
  const waiting = Array.from({ length: 7 }, () => send(url, streams).then(() => undefined));
  const last = waiting.at(-1)!.then(
    () => (isStreamed = true),
    () => undefined,
  );
  for (const one of waiting) one.catch(() => {});
  for (let round = 0; round < 7; round += 1) expect(await (await send(url)).text()).toBe('{}');
  expect(isStreamed).toBe(false);
  controller.abort();
  await last;
});
