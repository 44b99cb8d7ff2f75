import { pipeline, type Readable, Transform } from 'node:stream';
import type { Response as NodeResponse, RequestInit } from 'node-fetch';
import { ProviderError } from '../core/errors.js';
import { connectionAgents } from './connection-agents.js';
import { shownURL } from './provider-errors.js';

export interface HttpFetchOptions {
  /** Named in errors. */
  readonly provider: string;
  /** Milliseconds from the request to the headers of its answer; 60,000 when absent. */
  readonly firstByteTimeoutMs?: number | undefined;
  /** Milliseconds between two pieces of the body; 60,000 when absent. */
  readonly idleTimeoutMs?: number | undefined;
  /** Milliseconds to connect, including TLS; 10,000 when absent. */
  readonly connectTimeoutMs?: number | undefined;
}

/** Of bodies that are read whole: errors and model lists. */
const LARGEST_BODY = 16 * 1024 * 1024;
/** Of streams, in bytes after decompression; far beyond any real answer. */
const LARGEST_STREAM = 256 * 1024 * 1024;

/**
 * A `fetch` for the SDKs, on `node:http` through node-fetch: on Node 20 the global one costs about 100 ms and
 * 40 MB more per process. It never follows a redirect, because that would carry the key to another address, and it
 * never waits for ever: a server that stops sending fails the request as `stalled`.
 */
export function httpFetch(options: HttpFetchOptions): typeof fetch {
  const firstByteTimeoutMs = options.firstByteTimeoutMs ?? 60_000;
  const agents = connectionAgents(options.connectTimeoutMs ?? 10_000);

  const run: typeof fetch = async (input, init) => {
    const { default: nodeFetch, Response } = await import('node-fetch');
    const url = typeof input === 'string' || input instanceof URL ? String(input) : input.url;
    const connection = new AbortController();
    const abort = (): void => connection.abort();
    const outer = init?.signal;
    if (outer?.aborted) abort();
    outer?.addEventListener('abort', abort, { once: true });

    let stalled: ProviderError | undefined;
    const firstByte = setTimeout(() => {
      stalled = stalledError(options.provider, url, 'did not begin to answer', firstByteTimeoutMs);
      abort();
    }, firstByteTimeoutMs);
    try {
      const response = await nodeFetch(url, {
        ...(init as RequestInit | undefined),
        signal: connection.signal,
        redirect: 'manual',
        agent: (parsed) => agents(parsed.protocol),
      });
      refuseUnexpected(response, options.provider, url);
      const body = response.body && watched(response.body as Readable, options, url);
      body?.once('close', () => outer?.removeEventListener('abort', abort));
      const { status, statusText, headers } = response;
      const shape = { status, statusText, headers, size: LARGEST_BODY, url };
      // The types of node-fetch and of the platform differ only in members that the SDKs do not use.
      return new Response(body, shape) as unknown as globalThis.Response;
    } catch (error) {
      outer?.removeEventListener('abort', abort);
      abort();
      throw stalled ?? error;
    } finally {
      clearTimeout(firstByte);
    }
  };
  return run;
}

/** Redirects and web pages are not answers of an API, whatever their status says. */
function refuseUnexpected(response: NodeResponse, provider: string, url: string): void {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    const target = headers.get('location');
    const to = target ? ` to ${shownURL(new URL(target, url).href)}` : '';
    throw new ProviderError(
      'invalid-request',
      `${shownURL(url)} redirects${to}; a redirect is never followed, so that no key travels to another address.`,
      { provider, status, advice: 'Set baseURL to the final address if you trust it.' },
    );
  }
  if (response.ok && headers.get('content-type')?.includes('text/html')) {
    throw new ProviderError(
      'protocol',
      `${shownURL(url)} answered with a web page instead of an API's answer.`,
      {
        provider,
        status,
        advice: 'Check baseURL, and whether this network wants you to log in first.',
      },
    );
  }
}

/** The body, with an end to waiting and to growing. Destroying it closes the connection. */
function watched(body: Readable, options: HttpFetchOptions, url: string): Readable {
  const idleTimeoutMs = options.idleTimeoutMs ?? 60_000;
  let bytes = 0;
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      idle.refresh();
      bytes += chunk.length;
      if (bytes <= LARGEST_STREAM) done(null, chunk);
      else done(new ProviderError('protocol', `${options.provider} sent an endless answer.`, options));
    },
  });
  const idle = setTimeout(() => {
    guard.destroy(stalledError(options.provider, url, 'stopped sending', idleTimeoutMs));
  }, idleTimeoutMs);
  // The reader of `guard` gets the error; this callback only keeps it from being thrown at nobody.
  pipeline(body, guard, () => clearTimeout(idle));
  guard.on('error', () => {});
  return guard;
}

/** The word "timeout" is left out on purpose: the SDKs replace errors that contain it. */
function stalledError(provider: string, url: string, what: string, afterMs: number): ProviderError {
  const seconds = Math.round(afterMs / 100) / 10;
  return new ProviderError('stalled', `${shownURL(url)} ${what} for ${seconds} s.`, {
    provider,
    advice: 'Try again; if it keeps happening, check the connection and the server.',
  });
}
