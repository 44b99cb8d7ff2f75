import { isLoopback } from '../../http/loopback.js';
import { httpFetch } from '../http-fetch.js';

/** Whether its definition says who the user is, so that no login is asked for. */
export function hasOwnLogin(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
}

/** Whether keys may be sent there, or a browser led there, for a server at `address`. */
export function isSafeForLogin(url: URL, address: URL): boolean {
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && isLoopback(url.hostname) && isLoopback(address.hostname))
  );
}

/**
 * A `fetch` for the transport of a server at `address`. The headers of its definition go to its own origin alone, and not
 * along to whoever it names for logins, where nothing is sent unencrypted.
 */
export function serverFetch(
  address: URL,
  headers: Readonly<Record<string, string>>,
  onBroken: () => void,
): typeof fetch {
  const toServer = httpFetch(onBroken);
  // An answer of somebody else that breaks off is no end of the server.
  const toOthers = httpFetch(() => {});
  const send = (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input);
    const isTransport = url.origin === address.origin && url.pathname === address.pathname;
    if (url.origin === address.origin) {
      const all = new Headers(init.headers);
      for (const [name, value] of Object.entries(headers)) all.set(name, value);
      return (isTransport ? toServer : toOthers)(url, { ...init, headers: all });
    }
    if (isSafeForLogin(url, address)) return toOthers(url, init);
    return Promise.reject(new Error(`it names ${url.origin} for logins, which is not encrypted`));
  };
  return send as typeof fetch;
}
