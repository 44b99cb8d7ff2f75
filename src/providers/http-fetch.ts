import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { ProviderError } from '../core/errors.js';
import { connectionAgents } from '../http/connection-agents.js';
import { HttpHeaders } from '../http/headers.js';
import { decoded, HttpResponse } from '../http/response.js';
import { createSendingRoom } from '../http/sending-room.js';
import { shownURL } from './provider-errors.js';

export interface HttpFetchOptions {
  /** Named in errors. */
  readonly provider: string;
  /** Milliseconds from the request to the headers of its answer; 60,000 when absent. */
  readonly firstByteTimeoutMs?: number | undefined;
  /** Milliseconds between two pieces of the body; 60,000 when absent. */
  readonly idleTimeoutMs?: number | undefined;
  /** Milliseconds to connect, including TLS; 8,000 when absent. */
  readonly connectTimeoutMs?: number | undefined;
}

/** Of streams, in bytes after decompression; beyond any real answer, even one that sends each token by itself. */
const LARGEST_STREAM = 64 * 1024 * 1024;

/**
 * A `fetch` for the SDKs on `node:http`, with the part of it that they use: on Node 20 the global one costs about
 * 100 ms and 40 MB more per process. It never follows a redirect, because that would carry the key to another address,
 * and it never waits for ever: a server that stops sending fails the request as `stalled`.
 */
export function httpFetch(options: HttpFetchOptions): typeof fetch {
  const firstByteTimeoutMs = options.firstByteTimeoutMs ?? 60_000;
  const agents = connectionAgents(options.connectTimeoutMs ?? 8_000);
  const room = createSendingRoom();

  const run = (url: URL, init: RequestInit, agent: Agent) =>
    new Promise<HttpResponse>((resolve, reject) => {
      const request = open(url, init, agent);
      let body: Readable | undefined;
      const stop = (error: Error): void => {
        reject(error);
        body?.destroy(error);
        request.destroy(error);
      };
      const abort = (): void => stop(new DOMException('The request was aborted.', 'AbortError'));
      const firstByte = setTimeout(() => {
        stop(stalledError(options.provider, url, 'did not begin to answer', firstByteTimeoutMs));
      }, firstByteTimeoutMs);

      init.signal?.addEventListener('abort', abort, { once: true });
      request.on('error', reject);
      request.once('close', () => {
        clearTimeout(firstByte);
        init.signal?.removeEventListener('abort', abort);
      });
      request.once('response', (message) => {
        clearTimeout(firstByte);
        const headers = new HttpHeaders(message.headers);
        const refusal = unexpected(message, headers, options.provider, url);
        if (refusal) return stop(refusal);
        body = decoded(message, headers);
        watch(body, options, url);
        resolve(new HttpResponse(message, headers, body, url.href));
      });
      if (init.signal?.aborted) abort();
      else sendBody(request, init.body, room);
    });
  // What the SDKs give and use of the platform's fetch; neither sends forms or streams here.
  const send = async (input: string | URL, init?: RequestInit) => {
    const url = new URL(input);
    return run(url, init ?? {}, await agents(url));
  };
  return send as unknown as typeof fetch;
}

/** Until the request is closed, and not only sent, its bytes may still be read. */
function sendBody(
  request: ClientRequest,
  body: RequestInit['body'],
  room: ReturnType<typeof createSendingRoom>,
): void {
  if (typeof body !== 'string') return void request.end(body);
  const { bytes, release } = room(body);
  request.once('close', release);
  request.end(bytes);
}

function open(url: URL, init: RequestInit, agent: Agent): ClientRequest {
  const headers = Object.fromEntries(new HttpHeaders(init.headers as HttpHeaders | undefined));
  // An answer in pieces gains nothing from compression, and some servers hold pieces back to compress them.
  const all = { 'accept-encoding': 'identity', ...headers };
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return send(url, { method: init.method ?? 'GET', headers: all, agent });
}

/** Redirects and web pages are not answers of an API, whatever their status says. */
function unexpected(
  { statusCode: status = 0 }: IncomingMessage,
  headers: HttpHeaders,
  provider: string,
  url: URL,
): ProviderError | undefined {
  const shown = shownURL(url.href);
  if (status >= 300 && status < 400) {
    const target = headers.get('location');
    const to = target && URL.canParse(target, url.href) ? ` to ${shownURL(new URL(target, url).href)}` : '';
    return new ProviderError(
      'invalid-request',
      `${shown} redirects${to}; a redirect is never followed, so that no key travels to another address.`,
      { provider, status, advice: 'Set baseURL to the final address if you trust it.' },
    );
  }
  if (status < 300 && headers.get('content-type')?.includes('text/html')) {
    return new ProviderError('protocol', `${shown} answered with a web page instead of an API's answer.`, {
      provider,
      status,
      advice: 'Check baseURL, and whether this network wants you to log in first.',
    });
  }
  return undefined;
}

/**
 * Puts an end to waiting and to growing: the body is destroyed then, which closes the connection. What passes is seen
 * where it is pushed; one more stream in the pipe would cost as much as reading the answer.
 */
function watch(body: Readable, options: HttpFetchOptions, url: URL): void {
  const idleTimeoutMs = options.idleTimeoutMs ?? 60_000;
  // The timer looks at when the last piece came when it is due, which is cheaper than moving it with each.
  let cameAt = performance.now();
  const check = (): void => {
    const leftMs = cameAt + idleTimeoutMs - performance.now();
    if (leftMs > 1) idle = setTimeout(check, leftMs);
    else body.destroy(stalledError(options.provider, url, 'stopped sending', idleTimeoutMs));
  };
  let idle = setTimeout(check, idleTimeoutMs);
  let bytes = 0;
  const push = body.push.bind(body);
  body.push = (chunk: Buffer | null, encoding) => {
    cameAt = performance.now();
    bytes += chunk?.length ?? 0;
    if (bytes <= LARGEST_STREAM) return push(chunk, encoding);
    body.destroy(endlessError(options.provider, url));
    return false;
  };
  body.once('close', () => clearTimeout(idle));
  // Whoever reads the body gets its error; without a listener Node would drop it, or throw it at nobody.
  body.on('error', () => {});
}

function endlessError(provider: string, url: URL): ProviderError {
  return new ProviderError('protocol', `${provider} sent an answer that does not end.`, {
    provider,
    advice: `Check that ${shownURL(url.href)} is the address of a model server.`,
  });
}

/** The word "timeout" is left out on purpose: the SDKs replace errors that contain it. */
function stalledError(provider: string, url: URL, what: string, afterMs: number): ProviderError {
  const seconds = Math.round(afterMs / 100) / 10;
  return new ProviderError('stalled', `${shownURL(url.href)} ${what} for ${seconds} s.`, {
    provider,
    advice: 'Try again; if it keeps happening, check the connection and the server.',
  });
}
