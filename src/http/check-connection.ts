import { connect as connectPlain, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';

const ports: Readonly<Record<string, number>> = { 'https:': 443, 'postgres:': 5432, 'postgresql:': 5432 };

/**
 * Opens a connection to the host of an address and closes it: over TLS, certificate included, for https. Nothing is
 * sent, so no key leaves and nothing is counted. Answers the host; rejects with an error that names it and the reason,
 * and has the system's `code`.
 */
export function checkConnection(address: string, timeoutMs = 2_000): Promise<string> {
  const { protocol, hostname, port, searchParams } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  const number = Number(port) || (ports[protocol] ?? 80);
  // PostgreSQL may listen on a socket in a folder, which its addresses name so.
  const folder = host === '' && protocol.startsWith('postgres') ? searchParams.get('host') : null;
  const to = folder === null ? { host, port: number } : { path: `${folder}/.s.PGSQL.${number}` };
  const shown = to.path ?? `${hostname}:${number}`;
  const secure = protocol === 'https:';
  return new Promise((resolve, reject) => {
    // Certificates of addresses are checked too, but only names may be announced.
    const socket = secure
      ? connectTls({ ...to, ...(isIP(host) ? {} : { servername: host }) })
      : connectPlain(to);
    const fail = (reason: string, cause?: NodeJS.ErrnoException): void => {
      socket.destroy();
      const error = new Error(`${shown} cannot be reached: ${reason}`, { cause });
      reject(Object.assign(error, { code: cause?.code }));
    };
    socket.setTimeout(timeoutMs, () => fail(`no answer within ${timeoutMs} ms`));
    socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message, error));
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.destroy();
      resolve(`${shown} can be reached`);
    });
  });
}
