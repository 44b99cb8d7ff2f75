import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConnection } from '../../src/http/check-connection.js';
import { makeWorkspace } from '../helpers/workspace.js';

const received: Buffer[] = [];
const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('data', (chunk) => received.push(chunk)).on('error', () => {});
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

describe('checkConnection', () => {
  it('connects to the host and sends it nothing', async () => {
    const address = `http://127.0.0.1:${port}/secret-path?key=secret`;
    expect(await checkConnection(address)).toBe(`127.0.0.1:${port} can be reached`);
    expect(Buffer.concat(received).length).toBe(0);
  });

  it('names host and reason, and nothing of path and query, when nobody listens', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const free = (closed.address() as { port: number }).port;
    await new Promise((resolve) => closed.close(resolve));
    const failure = { code: 'ECONNREFUSED', message: `127.0.0.1:${free} cannot be reached: ECONNREFUSED` };
    await expect(checkConnection(`http://me:secret@127.0.0.1:${free}/secret?k=secret`)).rejects.toMatchObject(
      failure,
    );
  });

  it('finds a PostgreSQL that listens on a socket in a folder', async () => {
    const folder = await makeWorkspace();
    const address = `postgres:///data?host=${folder}`;
    await expect(checkConnection(address)).rejects.toMatchObject({ code: 'ENOENT' });
    const local = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => local.listen(`${folder}/.s.PGSQL.5432`, resolve));
    expect(await checkConnection(address)).toBe(`${folder}/.s.PGSQL.5432 can be reached`);
    await new Promise((resolve) => local.close(resolve));
  });

  it('is not content with an https host that speaks no TLS, and does not wait for it', async () => {
    await expect(checkConnection(`https://127.0.0.1:${port}/`, 200)).rejects.toThrow(
      `127.0.0.1:${port} cannot be reached: no answer within 200 ms`,
    );
  });
});
