import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type Readable, Transform } from 'node:stream';
import { connectionAgents } from '../http/connection-agents.js';
import { LARGEST_MESSAGE } from './allowance.js';
import { StreamPace } from './stream-pace.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** What a stream may bring in all: a server that pushes is not asked for so much. */
const LARGEST_STREAM = 64 * 1024 * 1024;

/**
 * A `fetch` for the SDK on `node:http`, so that proxies are used as everywhere in Victor. It follows no redirect: the SDK does,
 * and only to the same origin. What a server sends is bounded: a message, and a whole stream. `onBroken` is told of an answer
 * that broke off.
 */
export function httpFetch(onBroken: () => void): typeof fetch {
  const agents = connectionAgents(CONNECT_TIMEOUT_MS);
  const pace = new StreamPace();
  const send = async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input);
    const headers = { 'accept-encoding': 'identity', ...Object.fromEntries(new Headers(init.headers)) };
    if (isForStream(init.method, headers)) await pace.wait(init.signal);
    const agent = await agents(url);
    const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request = open(url, { method: init.method ?? 'GET', headers, agent });
      const abort = () => request.destroy(new DOMException('The request was aborted.', 'AbortError'));
      request.on('error', reject);
      request.once('close', () => init.signal?.removeEventListener('abort', abort));
      request.once('response', (message) => {
        const broken = init.method === 'POST' && !init.signal?.aborted ? onBroken : () => {};
        resolve(responseOf(message, broken));
      });
      init.signal?.addEventListener('abort', abort, { once: true });
      if (init.signal?.aborted) abort();
      else request.end(init.body == null ? undefined : String(init.body));
    });
  };
  return send as typeof fetch;
}

/** Not so what a login reads of its servers, a few short documents in a row. */
function isForStream(method = 'GET', { accept = '' }: Readonly<Record<string, string>>): boolean {
  return method === 'GET' && accept.includes('text/event-stream');
}

const withoutBody = new Set([101, 204, 205, 304]);

function responseOf(message: IncomingMessage, onBroken: () => void): Response {
  const { statusCode: status = 0, statusMessage: statusText = '' } = message;
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  if (withoutBody.has(status)) {
    message.resume();
    return new Response(null, { status, statusText, headers });
  }
  const isStream = headers.get('content-type')?.includes('text/event-stream') ?? false;
  const body = message.pipe(bounded(isStream, onBroken));
  message.on('error', (error) => {
    // Whoever wants no more of it closes the body first.
    if (!body.destroyed) onBroken();
    body.destroy(error);
  });
  // Whoever reads it gets its error; without a listener it would be thrown at nobody.
  body.on('error', () => {});
  body.on('close', () => message.destroy());
  return new Response(webStream(body), { status, statusText, headers });
}

/** `Readable.toWeb` closes a stream that was cancelled once more when its end comes, and throws that at nobody. */
function webStream(body: Readable): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    cancel() {
      body.destroy();
    },
  });
}

/** Ends with an error where one message, or of a stream of them all together, is too long. */
function bounded(isStream: boolean, onBroken: () => void): Transform {
  let all = 0;
  let message = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      all += chunk.length;
      // A blank line ends a message of a stream.
      const end = isStream ? Math.max(chunk.lastIndexOf('\n\n'), chunk.lastIndexOf('\n\r\n')) : -1;
      message = end < 0 ? message + chunk.length : chunk.length - end;
      if (message <= LARGEST_MESSAGE && all <= LARGEST_STREAM) return done(null, chunk);
      onBroken();
      return done(new Error('The server sent too much.'));
    },
  });
}
