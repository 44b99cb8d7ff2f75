import * as z from 'zod';
import { ExtensionError } from '../core/errors.js';
import { hostProblem, type Refused } from '../http/internal-address.js';
import { isLoopback } from '../http/loopback.js';
import type { HttpReply } from '../http/send-request.js';
import { type Environment, hasVariables, variable, withVariables } from './environment-variables.js';
import { RefusedDelivery } from './refused-delivery.js';

const addressProblem =
  'expected an address that starts with http:// or https://, without a user name, a password or a fragment';

export const httpAddress = z.string().refine(isHttpAddress, addressProblem);

/** What every exporter over HTTP takes. */
export const httpOptions = {
  /** Values may hold `${NAME}`, which stands for an environment variable. */
  headers: z
    .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'expected the name of a header'), z.string())
    .default({}),
  /** Milliseconds one request may take. */
  timeoutMs: z.int().min(1).max(300_000).default(10_000),
};

type Headers = Readonly<Record<string, string>>;

export interface HttpDelivery {
  readonly url: string;
  /** `POST` when absent. */
  readonly method?: string;
  /** Those of the options; `${NAME}` is filled in from the environment. */
  readonly headers: Headers;
  /** Those of the exporter, which win. */
  readonly ownHeaders: Headers;
  readonly environment: Environment;
  readonly body: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** What the address must not lead to. */
  readonly refused?: Refused | undefined;
}

/**
 * Sends one request; the answer is from 200 to 299, or it rejects. No message tells more than the host, because paths,
 * queries and headers hold secrets.
 */
export async function deliver(delivery: HttpDelivery): Promise<HttpReply> {
  const { url, method = 'POST', body, timeoutMs, signal, refused } = delivery;
  const { host, protocol, hostname } = new URL(url);
  if (protocol === 'http:' && !isLoopback(hostname) && Object.values(delivery.headers).some(hasVariables)) {
    throw new Error(`${host} would get a secret of the headers unencrypted; use https`);
  }
  const headers = { ...filled(delivery.headers, delivery.environment), ...lowerCase(delivery.ownHeaders) };
  // Loaded now, because it brings TLS with it and most processes export nothing over HTTP.
  const { sendRequest } = await import('../http/send-request.js');
  const reply = await sendRequest({ url, method, headers, body, timeoutMs, signal, refused });
  if (reply.ok) return reply;
  const redirect = reply.status >= 300 && reply.status < 400;
  const reason = redirect ? ', a redirect, which is refused; name the address it leads to' : '';
  const retryAfter = reply.headers.get('retry-after');
  throw new RefusedDelivery(`${host} answered ${reply.status}${reason}`, {
    status: reply.status,
    retryAfter,
  });
}

function filled(headers: Headers, environment: Environment): Headers {
  const given = Object.entries(headers);
  return lowerCase(
    Object.fromEntries(given.map(([name, value]) => [name, withVariables(environment, value)])),
  );
}

/** So that one name is one header, however it is written. */
function lowerCase(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Connects to the host of an address, for `check`. */
export async function reach(url: string): Promise<string> {
  const { checkConnection } = await import('../http/check-connection.js');
  return checkConnection(url);
}

/**
 * Throws `ExtensionError` for an address that a workspace's settings may not name: whoever wrote them does not choose
 * what of this machine is posted to.
 */
export function checkWorkspaceAddress(
  exporter: string,
  address: string | undefined,
  refused: Refused | undefined,
): void {
  const problem = address && refused && hostProblem(new URL(address).hostname, refused);
  if (!problem) return;
  throw new ExtensionError(`The ${exporter} exporter: ${problem} in a workspace's settings.`, {
    advice: 'If you want it, name the exporter in your own settings: victor config path shows the file.',
  });
}

/** The address in an environment variable. Throws without showing it. */
export function addressFrom(environment: Environment, name: string): string {
  const address = variable(environment, name);
  if (!isHttpAddress(address)) throw new Error(`the environment variable ${name}: ${addressProblem}`);
  return address;
}

/** The address with this path behind its own. */
export function below(address: string, path: string): string {
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  return url.href;
}

function isHttpAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password, hash } = new URL(address);
  return /^https?:$/.test(protocol) && username === '' && password === '' && hash === '';
}
