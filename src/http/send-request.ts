import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connectionAgents } from './connection-agents.js';
import { HttpHeaders } from './headers.js';
import { checkedLookup, hostProblem, type Refused } from './internal-address.js';
import { decoded, HttpResponse } from './response.js';

export interface HttpRequest {
  readonly url: string | URL;
  /** `GET` when absent. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds from the start to the last byte of the answer; 30,000 when absent. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Where it must not go, whatever the name of the host leads to. */
  readonly refused?: Refused | undefined;
}

export interface HttpReply {
  readonly status: number;
  /** The status is from 200 to 299. */
  readonly ok: boolean;
  readonly headers: HttpHeaders;
  readonly body: string;
}

let agents: ReturnType<typeof connectionAgents> | undefined;

/**
 * Sends one request and reads its answer whole, up to 16 MiB. It follows no redirect, because that would carry
 * secrets of the headers to another address. Rejects with an error whose message names the host and the reason, and
 * nothing of the path, the query or the headers; a status is never an error here.
 */
export async function sendRequest(request: HttpRequest): Promise<HttpReply> {
  const url = new URL(request.url);
  agents ??= connectionAgents(10_000);
  const { method = 'GET', headers = {}, body, timeoutMs = 30_000, signal, refused } = request;
  const problem = refused && hostProblem(url.hostname, refused);
  if (problem) throw new Error(problem);
  const lookup = refused ? { lookup: checkedLookup(refused) } : {};
  const options: RequestOptions = { method, headers, agent: await agents(url), ...lookup };
  return new Promise((resolve, reject) => {
    const sending = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
    const fail = (reason: string, cause?: unknown): void => {
      reject(new Error(`${url.host}: ${reason}`, { cause }));
      sending.destroy();
    };
    const timer = setTimeout(() => fail(`no complete answer within ${timeoutMs} ms`), timeoutMs);
    const abort = (): void => fail('the request was aborted', signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    sending.once('close', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    });
    sending.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message, error));
    sending.once('response', (message) => {
      const received = new HttpHeaders(message.headers);
      const response = new HttpResponse(message, received, decoded(message, received), url.href);
      response.text().then(
        (text) => resolve({ status: response.status, ok: response.ok, headers: received, body: text }),
        (error: unknown) => fail(error instanceof Error ? error.message : String(error), error),
      );
    });
    if (signal?.aborted) abort();
    else sending.end(body);
  });
}
