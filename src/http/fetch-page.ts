import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { VictorError } from '../core/errors.js';
import { HttpHeaders } from './headers.js';
import { checkedLookup, hostProblem, type Refused } from './internal-address.js';
import { isProxied, proxyAgent } from './proxy-agent.js';
import { decoded } from './response.js';

export interface PageRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Where it must not go, whatever the name of the host leads to. */
  readonly refused: Refused | undefined;
  /** Whether the body of an answer is wanted; else the connection is closed before it. */
  readonly wants: (status: number, headers: HttpHeaders) => boolean;
  /** Of the body; what comes after it is left. */
  readonly maxBytes: number;
  /** Milliseconds from the start to the last byte. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Page {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Nothing where it was not wanted. */
  readonly body: Buffer;
  /** There was more. */
  readonly cut: boolean;
}

/** No answer came. The message names the host and the reason, and nothing of the path. */
export class PageError extends VictorError {
  constructor(message: string, advice: string, cause?: unknown) {
    super('page', message, { advice, cause });
  }
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Asks for one page over a connection of its own, so that it goes to the very address that was checked. It follows no
 * redirect. Where the environment names a proxy, the proxy looks names up: what they lead to here is refused all the same.
 */
export async function fetchPage(request: PageRequest): Promise<Page> {
  const { url, headers, refused, signal } = request;
  const problem = refused && (hostProblem(url.hostname, refused) ?? (await proxiedProblem(url, refused)));
  if (problem) throw refusal(problem);
  signal.throwIfAborted();
  const agent = isProxied(url) ? await proxyAgent(url, CONNECT_TIMEOUT_MS) : undefined;
  const checked = refused ? { lookup: checkedLookup(refused) } : {};
  return send(request, { method: 'GET', headers, agent: agent ?? false, ...checked });
}

function send(
  { url, wants, maxBytes, timeoutMs, signal }: PageRequest,
  options: RequestOptions,
): Promise<Page> {
  return new Promise((resolve, reject) => {
    const sending = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      settle();
      sending.destroy();
    };
    const fail = (reason: string, cause?: unknown): void => end(() => reject(failure(url, reason, cause)));
    const abort = (): void => end(() => reject(signal.reason));
    const timer = setTimeout(() => fail(`no complete answer within ${timeoutMs} ms`), timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    sending.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message, error));
    sending.once('response', (message) => {
      const received = new HttpHeaders(message.headers);
      const status = message.statusCode ?? 0;
      const whole = (body: Buffer, cut: boolean) =>
        end(() => resolve({ status, headers: received, body, cut }));
      if (!wants(status, received)) return whole(Buffer.alloc(0), true);
      read(message, received, maxBytes).then(
        ({ body, cut }) => whole(body, cut),
        (error) => fail(error instanceof Error ? error.message : String(error), error),
      );
    });
    sending.end();
  });
}

async function read(
  message: IncomingMessage,
  headers: HttpHeaders,
  maxBytes: number,
): Promise<Pick<Page, 'body' | 'cut'>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of decoded(message, headers) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, maxBytes), cut: bytes > maxBytes };
}

/** Behind a proxy no lookup of ours is made on the way; a name that only the proxy knows is the proxy's to refuse. */
async function proxiedProblem(url: URL, refused: Refused): Promise<string | undefined> {
  const { hostname } = url;
  if (!isProxied(url)) return undefined;
  const found = await lookup(hostname, { all: true }).catch(() => []);
  for (const { address } of found) {
    if (hostProblem(address, refused) !== undefined)
      return `${hostname} leads to ${address}, which is refused`;
  }
  return undefined;
}

function failure({ host }: URL, reason: string, cause: unknown): PageError {
  if (reason.endsWith(', which is refused')) return refusal(reason);
  return new PageError(`${host}: ${reason}`, 'Check the address, or go on without the page.', cause);
}

function refusal(problem: string): PageError {
  return new PageError(
    `Not fetched: ${problem}.`,
    'Only the user can allow it, by a rule that names the host.',
  );
}
