import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { afterFile } from '../helpers/after-file.js';
import { cleanEnvironment } from '../helpers/run-victor.js';
import { calls, everything, folder } from './servers.js';

const allowed = ['--allowed-tools', 'mcp__remote'];
const done = { text: 'The turn goes on.' };

/** A server on loopback that answers like this; what it is asked is kept. */
async function listen(answer: (message: IncomingMessage, response: ServerResponse, body: string) => void) {
  const asked: IncomingMessage[] = [];
  const server = createServer(async (message, response) => {
    asked.push(message);
    const parts: Buffer[] = [];
    for await (const part of message) parts.push(part as Buffer);
    answer(message, response, Buffer.concat(parts).toString('utf8'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterFile(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { asked, url: `http://127.0.0.1:${port}/mcp` };
}

/** Below those that systems give to whoever asks for any: nobody else gets it before the server has it. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (isFree) return port;
  }
}

/** server-everything over HTTP, as a process. */
async function startEverything(): Promise<{ readonly port: number; readonly process: ChildProcess }> {
  const port = await freePort();
  const child = spawn(process.execPath, [everything, 'streamableHttp'], {
    env: cleanEnvironment({ PORT: String(port) }),
    stdio: 'ignore',
  });
  afterFile(() => child.kill('SIGKILL'));
  for (;;) {
    const answers = await fetch(`http://127.0.0.1:${port}/mcp`).then(
      () => true,
      () => false,
    );
    if (answers) return { port, process: child };
    if (child.exitCode !== null) throw new Error('server-everything did not start');
    await sleep(50);
  }
}

/** What stands before server-everything, and may lead to another one later. */
async function proxy() {
  const target = { port: (await startEverything()).port, next: 0, breaks: false };
  const server = await listen(({ method, headers }, response, body) => {
    if (target.breaks && body.includes('tools/call')) {
      target.breaks = false;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': so far\n\n');
      setTimeout(() => response.destroy(), 50);
      return;
    }
    if (target.next > 0 && body.includes('"two"')) target.port = target.next;
    const sending = request({ port: target.port, host: '127.0.0.1', path: '/mcp', method, headers });
    sending.on('error', () => response.destroy());
    sending.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    response.on('close', () => sending.destroy());
    sending.end(body);
  });
  return { ...server, target };
}

function* endless(piece: string): Generator<string> {
  for (;;) yield piece;
}

/** Answers what a client asks at first, and leaves the calls to `call`. */
function speaking(call: (response: ServerResponse, id: unknown) => void) {
  return ({ method }: IncomingMessage, response: ServerResponse, body: string) => {
    if (method !== 'POST') return void response.writeHead(405).end();
    const { id, method: asked, params } = JSON.parse(body);
    const answer = (result: object) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    };
    if (asked === 'initialize')
      return answer({
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'x', version: '1' },
      });
    if (asked === 'tools/list') return answer({ tools: [{ name: 'do', inputSchema: { type: 'object' } }] });
    if (asked === 'tools/call') return call(response, id);
    return void response.writeHead(202).end();
  };
}

describe.concurrent('an MCP server that is reached over HTTP', () => {
  it('gets the headers of its definition, with the values of variables, and its tools are called', async () => {
    const { url, asked } = await proxy();
    const { ask, run } = folder(
      { remote: { type: 'http', url, headers: { Authorization: `Bearer \${REMOTE_WORD}` } } },
      {},
      { REMOTE_WORD: 'canary-0123456789' },
    );
    const { code, stdout, stderr, model } = await ask(
      [calls('mcp__remote__echo', { message: 'over HTTP' }), done],
      allowed,
    );
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'The turn goes on.\n',
      stderr: expect.any(String),
    });
    expect(model.toolResults().join()).toContain('Echo: over HTTP');
    expect(new Set(asked.map(({ headers }) => headers.authorization))).toEqual(
      new Set(['Bearer canary-0123456789']),
    );
    expect(stderr + JSON.stringify(model.server.requests.map(({ body }) => body))).not.toContain('canary');
    expect((await run('mcp', 'list')).stdout).toContain(url);
  });

  it('breaks off in a call: that is told at once, and the next call reaches it anew', async () => {
    const { url, target } = await proxy();
    target.breaks = true;
    const { ask } = folder({ remote: { type: 'http', url } });
    const { code, model } = await ask(
      [calls('mcp__remote__echo', { message: 'one' }), calls('mcp__remote__echo', { message: 'two' }), done],
      allowed,
    );
    expect(code).toBe(0);
    const [first, second] = model.toolResults();
    expect(first).toContain('Whether it did what it was asked is not known');
    expect(second).toContain('Echo: two');
  });

  it('was started anew and knows no session: the call after the one that failed reaches it', async () => {
    const { url, target } = await proxy();
    target.next = (await startEverything()).port;
    const { ask } = folder({ remote: { type: 'http', url } });
    const { code, model } = await ask(
      [...['one', 'two', 'three'].map((message) => calls('mcp__remote__echo', { message })), done],
      allowed,
    );
    expect(code).toBe(0);
    expect(model.toolResults()[0]).toContain('Echo: one');
    expect(model.toolResults()[1]).toContain('"is_error":true');
    expect(model.toolResults()[2]).toContain('Echo: three');
  });

  it('has an address with a secret that is none: the secret is not told', async () => {
    const url = `\${REMOTE_WORD}/mcp`;
    const { ask } = folder({ remote: { type: 'http', url } }, {}, { REMOTE_WORD: 'canary-0123456789' });
    const { stderr } = await ask([done]);
    expect(stderr).toContain(`is none: ${url}.`);
    expect(stderr).not.toContain('canary');
  });

  it('ends its stream at once and wants it asked for at once: that is done more and more seldom', async () => {
    let streams = 0;
    const answer = speaking((response, id) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const result = { content: [{ type: 'text', text: 'done' }] };
      setTimeout(() => response.end(JSON.stringify({ jsonrpc: '2.0', id, result })), 3_000);
    });
    const { url } = await listen((message, response, body) => {
      if (message.method !== 'GET') return answer(message, response, body);
      streams += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`id: ${streams}\nretry: 0\ndata:\n\n`);
    });
    const started = performance.now();
    const { ask } = folder({ remote: { type: 'http', url } });
    const { code } = await ask([calls('mcp__remote__do'), done], allowed);
    expect(code).toBe(0);
    expect(streams).toBeGreaterThan(0);
    expect(streams).toBeLessThanOrEqual(3 + Math.log2((performance.now() - started) / 1_000 + 1));
  });

  it('redirects elsewhere: nothing is sent there', async () => {
    const elsewhere = await listen((_, response) => response.writeHead(200).end());
    const { url } = await listen((_, response) => response.writeHead(307, { location: elsewhere.url }).end());
    const { ask } = folder({
      remote: { type: 'http', url, headers: { Authorization: 'Bearer canary-0123456789' } },
    });
    const { code, stderr } = await ask([done]);
    expect(code).toBe(0);
    expect(stderr).toContain('The MCP server remote did not start');
    expect(stderr).not.toContain('canary');
    expect(elsewhere.asked).toEqual([]);
  });

  it.each([
    [
      'refuses',
      ({ url }: { url: string }) => url,
      (_: IncomingMessage, response: ServerResponse) => response.writeHead(401).end(),
    ],
    ['is not there', () => 'http://127.0.0.1:9/mcp', () => {}],
    ['has no address', () => 'nowhere', () => {}],
  ])('%s: that is told in a line, and the turn goes on', async (_, address, answer) => {
    const server = await listen(answer);
    const { ask } = folder({ remote: { type: 'http', url: address(server) } });
    const { code, stdout, stderr } = await ask([done]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'The turn goes on.\n' });
    expect(stderr).toMatch(/victor: The (?:address of the )?MCP server remote /);
  });

  it('never answers: ask goes on after the time that the settings give', async () => {
    const { url } = await listen(() => {});
    const { ask } = folder({ remote: { type: 'http', url } }, { mcpWaitMs: 300 });
    const { code, stderr } = await ask([done]);
    expect(code).toBe(0);
    expect(stderr).toContain('Not waited for any longer: remote.');
  });

  it.each([
    ['one answer', 'application/json', 'x'.repeat(1 << 16)],
    ['one message of a stream', 'text/event-stream', `data: ${'x'.repeat(1 << 16)}\n`],
    [
      'messages of a stream',
      'text/event-stream',
      `data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/nothing' })}\n\n`.repeat(1_000),
    ],
  ])('floods with %s without end: it is given up, and the turn goes on', async (_, type, piece) => {
    const { url } = await listen(
      speaking((response) => {
        response.writeHead(200, { 'content-type': type });
        pipeline(Readable.from(endless(piece)), response, () => {});
      }),
    );
    const { ask } = folder({ remote: { type: 'http', url } });
    const { code, stdout, model } = await ask([calls('mcp__remote__do'), done], allowed);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'The turn goes on.\n' });
    expect(model.toolResults().join()).toContain('"is_error":true');
  });
});
