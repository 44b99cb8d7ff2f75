import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { sendRequest } from '../../src/http/send-request.js';

let server: Server;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('sends method, headers and body, and answers status, headers and text', async () => {
  const url = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(201, { etag: '"1"' });
      response.end(`${request.method} ${request.headers['x-key']} ${Buffer.concat(chunks)}`);
    });
  });
  const reply = await sendRequest({ url, method: 'PUT', headers: { 'x-key': 'k' }, body: 'ä' });
  expect(reply).toMatchObject({ status: 201, ok: true, body: 'PUT k ä' });
  expect(reply.headers.get('ETag')).toBe('"1"');
});

it('a status that says no is an answer, and a redirect is not followed', async () => {
  const url = await serve((request, response) => {
    response.writeHead(request.url === '/moved' ? 302 : 503, { location: '/elsewhere' }).end('no');
  });
  expect(await sendRequest({ url })).toMatchObject({ status: 503, ok: false, body: 'no' });
  expect(await sendRequest({ url: `${url}/moved` })).toMatchObject({ status: 302, ok: false });
});

it('silence, an abort, a cut answer and nobody listening reject with the host, and without path or query', async () => {
  const url = await serve((request, response) => {
    if (request.url?.startsWith('/cut')) {
      response.writeHead(200, { 'content-length': '100' });
      response.write('x', () => response.destroy());
    }
  });
  const secret = `${url}/path?token=secret`;
  await expect(sendRequest({ url: secret, timeoutMs: 50 })).rejects.toThrow(/^127.*within 50 ms$/);
  const abort = sendRequest({ url: secret, signal: AbortSignal.timeout(20) });
  await expect(abort).rejects.toThrow(/^127[^/]*aborted$/);
  await expect(sendRequest({ url: `${url}/cut?token=secret` })).rejects.toThrow(/^127[^/]*$/);
  server.close();
  server.closeAllConnections();
  await expect(sendRequest({ url: secret })).rejects.toThrow(/^127[^/]*ECONNREFUSED$/);
});

it('an answer that was compressed all the same is decoded', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('text'));
  });
  expect((await sendRequest({ url })).body).toBe('text');
});
