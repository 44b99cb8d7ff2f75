import { getEventListeners } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { ApprovedTools } from '../../src/config/approved-tools.js';
import { KeptLogins } from '../../src/config/kept-logins.js';
import { AbortedError } from '../../src/core/errors.js';
import type { ToolContext } from '../../src/core/tool.js';
import { McpServers } from '../../src/mcp/index.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { hostileServer } from './servers.js';

function serversOf(mode: string, file?: string) {
  const cwd = temporaryDirectory();
  const servers = new McpServers({
    ...{ cwd, environment: process.env, waitMs: 45_000 },
    approved: new ApprovedTools({ configDirectory: cwd }, { kept: false }),
    logins: new KeptLogins({ configDirectory: cwd }),
  });
  const server = hostileServer(mode, ...(file === undefined ? [] : [file]));
  servers.define({
    definitions: [{ name: 'one', server, withheld: new Set(), isStillConfirmed: () => true }],
    ...{ trusted: true, inherited: process.env, confirmed: true },
  });
  onTestFinished(() => servers.close());
  return servers;
}

it.each([
  ['a prompt', (servers: McpServers, signal: AbortSignal) => servers.prompts.text('one:one', {}, signal)],
  ['a resource', (servers: McpServers, signal: AbortSignal) => servers.resources.read('one:odd://x', signal)],
  [
    'the list of resources',
    (servers: McpServers, signal: AbortSignal) => servers.resources.list('one', signal),
  ],
])('%s that a server keeps to itself is given up on an abort, and the server is told', async (_, read) => {
  const log = join(temporaryDirectory(), 'log');
  const servers = serversOf('keeps-what-is-read', log);
  await servers.ready(new AbortController().signal);
  const controller = new AbortController();
  const reading = read(servers, controller.signal);
  const outcome = reading.then(
    () => 'read',
    () => 'given up',
  );
  const told = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  await vi.waitFor(() => expect(told()).toHaveLength(1), 60_000);
  controller.abort();
  expect(await outcome).toBe('given up');
  await vi.waitFor(() => expect(told()[1]).toBe('notifications/cancelled'), 60_000);
  // It goes on serving whoever asks next.
  expect(servers.list()).toMatchObject([{ state: 'ready', prompts: ['one:one'], resources: true }]);
});

it('nobody who gives up waits for a server that never starts', async () => {
  const servers = serversOf('hangs');
  servers.start();
  const controller = new AbortController();
  const waiting = [
    servers.prompts.text('one:one', {}, controller.signal),
    servers.resources.read('one:odd://x', controller.signal),
    servers.resources.list('one', controller.signal),
  ];
  const outcomes = Promise.allSettled(waiting);
  controller.abort();
  for (const one of await outcomes) {
    expect(one).toMatchObject({ status: 'rejected', reason: expect.any(AbortedError) });
  }
  expect(servers.list()).toMatchObject([{ state: 'starting' }]);
});

it('only addresses that can stand in a message are listed', async () => {
  const servers = serversOf('odd-addresses');
  await servers.ready(new AbortController().signal);
  expect(servers.resources.servers()).toEqual(['one']);
  expect(await servers.resources.list('one', new AbortController().signal)).toEqual(['one:odd://plain']);
});

it('what a server has answered leaves nothing on the signal of who asked', async () => {
  const servers = serversOf('odd-addresses');
  const { signal } = new AbortController();
  await servers.ready(signal);
  for (let round = 0; round < 12; round += 1) await servers.resources.list('one', signal);
  const context: ToolContext = {
    ...{ cwd: '/', sessionId: 'session', signal, outputDirectory: temporaryDirectory() },
    files: new Map(),
  };
  const tool = servers.tools().find(({ name }) => name === 'mcp__one__do');
  for (let round = 0; round < 12; round += 1)
    expect(await tool?.execute({}, context)).toMatchObject({
      content: expect.stringContaining('do was done'),
    });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
