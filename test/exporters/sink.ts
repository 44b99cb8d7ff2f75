import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SinkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface SinkReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds before it answers; `Infinity` never does. */
  readonly afterMs?: number;
}

export interface Sink {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly host: string;
  /** What came, in order. */
  readonly requests: readonly SinkRequest[];
}

/** A real HTTP server on loopback that keeps what it gets and answers what the test says. It ends with the test. */
export async function startSink(
  reply: (request: SinkRequest) => SinkReply | Promise<SinkReply> = () => ({}),
): Promise<Sink> {
  const requests: SinkRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString(),
    };
    requests.push(request);
    const { status = 200, headers = {}, body = '', afterMs = 0 } = await reply(request);
    if (afterMs === Number.POSITIVE_INFINITY) return;
    setTimeout(() => outgoing.writeHead(status, headers).end(body), afterMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}`, host, requests };
}
