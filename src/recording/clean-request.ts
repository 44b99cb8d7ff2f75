import { isRecord } from '../core/is-record.js';
import { HttpHeaders } from '../http/headers.js';
import { isLoopback } from '../http/loopback.js';
import { isToolResult, type Plain, parsed } from './plain-data.js';
import type { RecordedRequest } from './recording.js';
import type { Scrubber } from './scrubber.js';
import type { ServerIds } from './server-ids.js';
import type { Endpoint } from './traffic.js';

/** A request as the SDKs hand it to a fetch. */
export interface SentRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: HttpHeaders;
  readonly body: string;
}

export interface Cleaning {
  readonly scrubber: Scrubber;
  /** Absent in a replay, whose ids are those of the recording. */
  readonly ids?: ServerIds;
}

/** A request with its whole body; in a recording it stands without what the one before had. */
export type WholeRequest = Omit<RecordedRequest, 'same'>;

const keptHeaders = /^(?:content-type|(?:anthropic|openai)-(?:version|beta))$/;
const secretParameter = /key|token|secret|signature|password/i;

export function sentRequest(input: unknown, init: RequestInit = {}): SentRequest {
  return {
    url: new URL(String(input)),
    method: init.method ?? 'GET',
    headers: new HttpHeaders(init.headers as HttpHeaders | undefined),
    body: typeof init.body === 'string' ? init.body : '',
  };
}

/** A request as it is kept and compared: without secrets, and the same in every folder and on every day. */
export function cleanRequest(sent: SentRequest, endpoint: Endpoint, cleaning: Cleaning): WholeRequest {
  const { scrubber } = cleaning;
  const headers = [...sent.headers]
    .filter(([name]) => keptHeaders.test(name))
    .map(([name, value]) => [name, scrubber.request(value, false)]);
  const body = sent.body === '' ? undefined : (parsed(sent.body) ?? sent.body);
  return {
    provider: endpoint.provider,
    baseURL: scrubber.request(cleanBase(endpoint.baseURL), false),
    method: sent.method,
    path: scrubber.request(cleanPath(sent.url), false),
    headers: Object.fromEntries(headers),
    ...(body === undefined ? {} : { body: clean('', body, false, cleaning) }),
  };
}

/** What of a request a replay compares. */
export function compared({
  method,
  path,
  body,
}: WholeRequest): Pick<WholeRequest, 'method' | 'path' | 'body'> {
  return { method, path, body };
}

function clean(name: string, value: Plain, isResult: boolean, cleaning: Cleaning): Plain {
  const { scrubber, ids } = cleaning;
  if (typeof value === 'string') {
    // Tells a provider's cache where to look, and nothing else.
    if (name === 'prompt_cache_key') return '<victor:cache-key>';
    return scrubber.request(String(ids?.inRequest(name, value) ?? value), isResult);
  }
  if (Array.isArray(value)) return value.map((one) => clean(name, one, isResult, cleaning));
  if (!isRecord(value)) return value;
  const inResult = isResult || isToolResult(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, clean(key, one, inResult, cleaning)]),
  );
}

function cleanBase(text: string): string {
  const url = new URL(text);
  if (isLoopback(url.hostname)) url.port = '';
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

function cleanPath({ pathname, searchParams }: URL): string {
  for (const name of [...searchParams.keys()]) {
    if (secretParameter.test(name)) searchParams.set(name, '[redacted]');
  }
  return searchParams.size === 0 ? pathname : `${pathname}?${searchParams}`;
}
