import { expect, it, onTestFinished, vi } from 'vitest';
import { ApprovedTools } from '../../src/config/approved-tools.js';
import { KeptLogins } from '../../src/config/kept-logins.js';
import type { ServerDefinition } from '../../src/config/mcp-definitions.js';
import type { ToolContext } from '../../src/core/tool.js';
import { McpServers } from '../../src/mcp/index.js';
import { LoginAt } from '../../src/mcp/login/log-in-at.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { loginServer } from './login-server.js';

function definitionAt(url: string): ServerDefinition {
  const server = { type: 'http', url } as const;
  return { name: 'guarded', server, withheld: new Set(), isStillConfirmed: () => true };
}

/** The servers of one process, which has its logins in `configDirectory`. */
function serversAt(url: string, configDirectory = temporaryDirectory()) {
  const servers = new McpServers({
    ...{ cwd: temporaryDirectory(), environment: process.env, waitMs: 45_000 },
    approved: new ApprovedTools({ configDirectory }, { kept: false }),
    logins: new KeptLogins({ configDirectory }),
  });
  servers.define({
    definitions: [definitionAt(url)],
    ...{ trusted: true, inherited: process.env, confirmed: true },
  });
  onTestFinished(() => servers.close());
  return servers;
}

const never = new AbortController().signal;
const browser = (address: string) => void fetch(address).then((answer) => answer.text());

async function whoami(servers: McpServers): Promise<string> {
  const context: ToolContext = {
    ...{ cwd: '/', sessionId: 'session', signal: never, outputDirectory: temporaryDirectory() },
    files: new Map(),
  };
  const tool = servers.tools().find(({ name }) => name === 'mcp__guarded__whoami');
  return (await tool!.execute({}, context)).content;
}

/** A login that somebody was asked for and has not done; where its answer is waited for. */
async function begun(servers: McpServers) {
  const ask = vi.fn<(address: string) => void>();
  const outcome = servers.logIn('guarded', ask, never).then(
    () => 'logged in',
    (error: Error) => error.message,
  );
  await vi.waitFor(() => expect(ask).toHaveBeenCalled(), 60_000);
  const [address] = ask.mock.calls[0]!;
  return { outcome, address, waitsAt: new URL(address).searchParams.get('redirect_uri')! };
}

it('calls at the same time with a token that has expired renew it once, and all are answered', async () => {
  const { url, told, expireTokens } = await loginServer();
  const servers = serversAt(url);
  await servers.logIn('guarded', browser, never);
  for (let round = 1; round <= 2; round += 1) {
    await expireTokens();
    const answers = await Promise.all([whoami(servers), whoami(servers), whoami(servers)]);
    expect(answers).toEqual(Array(3).fill(expect.stringContaining('You are known here.')));
    expect(told.flatMap(({ granted = [] }) => granted)).toEqual(['code', ...Array(round).fill('refresh')]);
  }
});

it('a login that somebody is asked for ends with the servers: nothing waits for its answer any more', async () => {
  const { url } = await loginServer();
  const servers = serversAt(url);
  const { outcome, waitsAt } = await begun(servers);
  expect((await fetch(waitsAt)).status).toBe(400);
  await servers.close();
  expect(await outcome).not.toBe('logged in');
  await expect(fetch(waitsAt)).rejects.toThrow();
});

it.each(['login', 'logout'] as const)('a %s ends the login that is waited for before it', async (what) => {
  const { url } = await loginServer();
  const servers = serversAt(url);
  const { outcome, waitsAt } = await begun(servers);
  if (what === 'login') expect(await servers.logIn('guarded', browser, never)).toBe(true);
  else expect(await servers.logOut('guarded')).toBe(false);
  expect(await outcome).toContain('another login or a logout');
  await expect(fetch(waitsAt)).rejects.toThrow();
});

it('a login that nobody does says so when its time is over', async () => {
  const { url } = await loginServer();
  const logins = new KeptLogins({ configDirectory: temporaryDirectory() });
  const login = new LoginAt({ environment: process.env, logins, longestLoginMs: 50 });
  await expect(login.logIn(definitionAt(url), () => {}, never)).rejects.toThrow('Nobody logged in');
});
