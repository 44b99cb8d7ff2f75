import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ModelServer, startModelServer } from '../helpers/model-server.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';

interface Proxy {
  readonly url: string;
  /** `METHOD target` of each request that it got. */
  readonly asked: string[];
  /** What clients said of themselves to it. */
  readonly authorizations: (string | undefined)[];
}

/** A proxy on loopback. Whatever host it is asked for is this machine; a tunnel leads to `tunnelTo`. */
async function startProxy(
  options: { readonly tunnelTo?: number; readonly password?: string } = {},
): Promise<Proxy> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const refuses = (message: IncomingMessage) => {
    asked.push(`${message.method} ${message.url}`);
    authorizations.push(message.headers['proxy-authorization']);
    return options.password !== undefined && message.headers['proxy-authorization'] !== options.password;
  };
  const server = createServer((message, response) => {
    if (refuses(message)) return response.writeHead(407).end();
    const { pathname, port } = new URL(message.url ?? '');
    const { method, headers } = message;
    const onward = request({ host: '127.0.0.1', port, path: pathname, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    message.pipe(onward);
  });
  const sockets = new Set<Socket>();
  server.on('connect', (message, client: Socket) => {
    if (refuses(message)) return client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const onward = connect(options.tunnelTo ?? 0, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      client.pipe(onward).pipe(client);
    });
    for (const one of [client, onward]) sockets.add(one.on('error', () => {}));
  });
  const url = await listen(server);
  onTestFinished(() => {
    for (const one of sockets) one.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { url, asked, authorizations };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function model(): Promise<ModelServer> {
  const server = await startModelServer(() => ({ text: 'Through the proxy.' }));
  onTestFinished(() => server.close());
  return server;
}

const key = { ANTHROPIC_API_KEY: 'test-key' };
/** A name that no name server knows: only a proxy gets there. */
const faraway = (url: string) => url.replace('127.0.0.1', 'model.invalid');

describe('a proxy of the environment', () => {
  it('HTTP_PROXY is used for http, and NO_PROXY excepts a host from it', async () => {
    const { url } = await model();
    const proxy = await startProxy();
    const env = { ...key, ANTHROPIC_BASE_URL: faraway(url), HTTP_PROXY: proxy.url };
    expect(await runVictor(['ask', 'hi'], { env })).toMatchObject({
      code: 0,
      stdout: 'Through the proxy.\n',
    });
    expect(proxy.asked).toEqual([`POST ${faraway(url)}/v1/messages`]);
    const excepted = await runVictor(['ask', 'hi'], { env: { ...env, NO_PROXY: 'model.invalid' } });
    expect(excepted).toMatchObject({ code: 1 });
    expect(excepted.stderr).toContain('was not found (ENOTFOUND)');
    expect(proxy.asked).toHaveLength(1);
  });

  it('never stands between Victor and a server on this machine, whatever NO_PROXY says', async () => {
    const { url } = await model();
    const proxy = await startProxy();
    const env = { ...key, ANTHROPIC_BASE_URL: url, HTTP_PROXY: proxy.url, ALL_PROXY: proxy.url };
    expect(await runVictor(['ask', 'hi'], { env })).toMatchObject({ code: 0 });
    expect(proxy.asked).toEqual([]);
  });

  it('HTTPS_PROXY is tunnelled through, and the certificate of the far end is checked against NODE_EXTRA_CA_CERTS', async () => {
    const inner = await model();
    const { certificate, ...pair } = makeCertificate('model.invalid');
    const server = createTlsServer(pair, (message, response) => {
      const { method, headers, url: path } = message;
      const onward = request(inner.url + path, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      message.pipe(onward);
    });
    const { port } = new URL(await listen(server as unknown as Server));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const proxy = await startProxy({ tunnelTo: Number(port) });
    const env = { ...key, ANTHROPIC_BASE_URL: `https://model.invalid:${port}`, HTTPS_PROXY: proxy.url };
    const trusting = await runVictor(['ask', 'hi'], { env: { ...env, NODE_EXTRA_CA_CERTS: certificate } });
    expect(trusting).toMatchObject({ code: 0, stdout: 'Through the proxy.\n' });
    expect(proxy.asked).toEqual([`CONNECT model.invalid:${port}`]);
    const strict = await runVictor(['ask', 'hi'], { env });
    expect(strict.code).toBe(1);
    expect(strict.stderr).toContain('NODE_EXTRA_CA_CERTS');
    expect(inner.requests).toHaveLength(1);
  });

  it('V04: one that wants a password says so at once, is asked once, and gets the password of its address', async () => {
    const { url } = await model();
    const password = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    const proxy = await startProxy({ password });
    const env = { ...key, ANTHROPIC_BASE_URL: faraway(url), HTTP_PROXY: proxy.url };
    const refused = await runVictor(['ask', 'hi'], { env });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/status 407.*HTTPS_PROXY/);
    expect(proxy.asked).toHaveLength(1);
    const known = proxy.url.replace('://', '://me:secret@');
    expect(await runVictor(['ask', 'hi'], { env: { ...env, HTTP_PROXY: known } })).toMatchObject({ code: 0 });
    expect(proxy.authorizations).toEqual([undefined, password]);
  });

  it('V04: one that is not there is told within seconds, without its password', async () => {
    const env = {
      ...key,
      ANTHROPIC_BASE_URL: 'http://model.invalid',
      HTTP_PROXY: 'http://me:secret@127.0.0.1:9',
    };
    const { code, stderr, ms } = await runVictor(['ask', 'hi'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain('ECONNREFUSED');
    expect(stderr).not.toContain('secret');
    expect(ms).toBeLessThan(15_000);
  });
});

function makeCertificate(host: string) {
  const folder = temporaryDirectory();
  const [keyFile, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const names = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  const files = ['-keyout', keyFile, '-out', certificate];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, ...files],
    {
      stdio: 'ignore',
    },
  );
  return { key: readFileSync(keyFile), cert: readFileSync(certificate), certificate };
}
