import { connect as connectPlain, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';

const ports: Readonly<Record<string, number>> = { 'https:': 443, 'postgres:': 5432, 'postgresql:': 5432 };

/**
 * Opens a connection to the host of an address and closes it: over TLS, certificate included, for https. Nothing is
 * sent, so no key leaves and nothing is counted. Answers the host; rejects with an error that names it and the reason.
 */
export function checkConnection(address: string, timeoutMs = 2_000): Promise<string> {
  const { protocol, hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  const to = { host, port: Number(port) || (ports[protocol] ?? 80) };
  const shown = `${hostname}:${to.port}`;
  const secure = protocol === 'https:';
  return new Promise((resolve, reject) => {
    // Certificates of addresses are checked too, but only names may be announced.
    const socket = secure
      ? connectTls({ ...to, ...(isIP(host) ? {} : { servername: host }) })
      : connectPlain(to);
    const fail = (reason: string, cause?: unknown): void => {
      socket.destroy();
      reject(new Error(`${shown} cannot be reached: ${reason}`, { cause }));
    };
    socket.setTimeout(timeoutMs, () => fail(`no answer within ${timeoutMs} ms`));
    socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message, error));
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.destroy();
      resolve(`${shown} can be reached`);
    });
  });
}
