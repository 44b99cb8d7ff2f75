import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { afterFile } from '../helpers/after-file.js';
import { cleanEnvironment, launcher } from '../helpers/run-victor.js';
import { until } from '../helpers/until.js';
import { desktop, loginServer } from './login-server.js';
import { calls, folder, offered } from './servers.js';

const allowed = ['--allowed-tools', 'mcp__guarded'];
const whoami = [calls('mcp__guarded__whoami'), { text: 'The turn goes on.' }];

/** A folder of a user who has the server in their settings, and a desktop. */
function place(server: object, env: Readonly<Record<string, string>> = {}) {
  const { env: around, visited } = desktop();
  return { ...folder({ guarded: { type: 'http', ...server } }, {}, { ...around, ...env }), visited };
}

function loginFiles(home: string): readonly string[] {
  const directory = join(home, 'mcp-logins');
  return existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : [];
}

describe.concurrent('a login at an MCP server', () => {
  it('is asked for, done in the browser, kept for the user alone, used by later starts and told nobody', async () => {
    const { url, told } = await loginServer();
    const { ask, run, home, visited } = place(
      { url, headers: { 'X-Extra': `\${EXTRA}` } },
      { EXTRA: 'extra-0123456789' },
    );
    const before = await ask([{ text: 'The turn goes on.' }]);
    expect(before.stdout).toBe('The turn goes on.\n');
    expect(before.stderr).toContain('The MCP server guarded wants you to log in. victor mcp login guarded');

    const login = await run('mcp', 'login', 'guarded');
    expect(login.stderr).toContain('you are logged in at guarded; it has 1 tool');
    expect(login.code).toBe(0);
    const [address, environment] = visited();
    expect(new URL(address!).searchParams.get('code_challenge_method')).toBe('S256');
    expect(environment).not.toContain('extra-0123456789');
    const [file] = loginFiles(home);
    expect(statSync(file!).mode & 0o777).toBe(0o600);
    const { tokens } = JSON.parse(readFileSync(file!, 'utf8'));
    expect(login.stdout + login.stderr).not.toContain(tokens.access_token);

    const { code, stderr, model } = await ask(whoami, [...allowed, '--debug']);
    expect(code).toBe(0);
    expect(model.toolResults().join()).toContain('You are known here.');
    expect(stderr).not.toContain(tokens.access_token);
    expect((await run('mcp', 'test', 'guarded')).stdout).toContain('guarded answers, with 1 tool');

    // What is meant for one of the two goes to no other.
    expect(told.filter(({ of, extra }) => of === 'logins' && extra !== undefined)).toEqual([]);
    expect(told.filter(({ of, extra }) => of === 'tools' && extra === undefined)).toEqual([]);
    expect(told.filter(({ of, authorization }) => of === 'logins' && authorization !== undefined)).toEqual(
      [],
    );

    expect((await run('mcp', 'login', 'guarded')).code).toBe(0);
    expect((await run('mcp', 'logout', 'guarded')).stderr).toContain('the login at guarded is forgotten');
    expect(loginFiles(home)).toEqual([]);
    expect((await run('mcp', 'logout', 'guarded')).stderr).toContain('you are not logged in at guarded');
    expect((await ask([{ text: 'On.' }])).stderr).toContain('wants you to log in');

    expect((await run('mcp', 'login', 'guarded')).code).toBe(0);
    const removed = await run('mcp', 'remove', 'guarded');
    expect(removed.stderr).toContain('not named there any more, and the login at it is forgotten');
    expect(loginFiles(home)).toEqual([]);
  });

  it('that has expired is renewed with a token that is good once, also by processes one after the other', async () => {
    const { url, told } = await loginServer({ lives: -1 });
    const { run, home } = place({ url });
    // Every token has expired when it comes: after the login the first start renews it, and is refused all the same.
    expect((await run('mcp', 'login', 'guarded')).stderr).toContain('wants you to log in');
    expect(told.flatMap(({ granted = [] }) => granted)).toEqual(['code', 'refresh']);
    const tokens = () => JSON.parse(readFileSync(loginFiles(home)[0]!, 'utf8')).tokens.refresh_token;
    const first = tokens();
    await run('mcp', 'test', 'guarded');
    expect(tokens()).not.toBe(first);
    expect(told.flatMap(({ granted = [] }) => granted)).toEqual(['code', 'refresh', 'refresh']);
  });

  it('that the server has ended is asked for again in words for the model and the user, and the turn goes on', async () => {
    const { url, revokeAll } = await loginServer({ endsAtCall: true });
    const { ask, run } = place({ url });
    await run('mcp', 'login', 'guarded');
    const meanwhile = await ask(whoami, allowed);
    expect(meanwhile.model.toolResults().join()).toContain('wants the user to log in, and did nothing');
    expect(meanwhile.stdout).toBe('The turn goes on.\n');
    await run('mcp', 'login', 'guarded');
    await revokeAll();
    const { code, stdout, stderr } = await ask([{ text: 'The turn goes on.' }]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'The turn goes on.\n' });
    expect(stderr).toContain('The MCP server guarded wants you to log in.');
  });

  it('takes the address that a browser of another machine ended on, and no other', async () => {
    const { url } = await loginServer();
    const { home, cwd, visited, run } = place({ url });
    const child = spawn(process.execPath, [launcher, 'mcp', 'login', 'guarded', '--no-browser'], {
      cwd,
      env: cleanEnvironment({ VICTOR_HOME: home }),
    });
    afterFile(() => child.kill('SIGKILL'));
    let said = '';
    const address = await new Promise<string>((resolve) => {
      child.stderr.on('data', (text: Buffer) => {
        said += text;
        const [, found] = /log in here: (\S+)\n/.exec(said) ?? [];
        if (found) resolve(found);
      });
    });
    const stranger = new URL(new URL(address).searchParams.get('redirect_uri')!);
    stranger.search = '?code=another&state=another';
    expect((await fetch(stranger)).status).toBe(400);
    child.stdin.write(`${stranger}\n`);
    const answer = await fetch(address, { redirect: 'manual' });
    await until(() => said.includes('that is not where this login ends'));
    child.stdin.write(`${answer.headers.get('location')}\n`);
    const [code] = await once(child, 'close');
    expect(said).toContain('you are logged in at guarded');
    expect(code).toBe(0);
    expect(visited()).toEqual([]);
    expect((await run('mcp', 'test', 'guarded')).code).toBe(0);
  });

  it('is interrupted: that is said, with the exit code of the signal', async () => {
    const { url } = await loginServer();
    const { home, cwd } = place({ url });
    const child = spawn(process.execPath, [launcher, 'mcp', 'login', 'guarded', '--no-browser'], {
      cwd,
      env: cleanEnvironment({ VICTOR_HOME: home }),
    });
    afterFile(() => child.kill('SIGKILL'));
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      said += text;
      if (said.includes('waiting for it') && !child.killed) child.kill('SIGINT');
    });
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(said).toContain('interrupted. You are not logged in at guarded.');
    expect(said).not.toContain('turn');
    expect(loginFiles(home)).toEqual([]);
  });

  it('is refused: that is said, and nothing is kept', async () => {
    const { url } = await loginServer({ denies: true });
    const { run, home } = place({ url });
    const { code, stderr } = await run('mcp', 'login', 'guarded');
    expect(stderr).toContain(
      'You are not logged in at the MCP server guarded: the login was refused (access_denied)',
    );
    expect(code).toBe(1);
    expect(loginFiles(home)).toEqual([]);
  });

  it.each([
    ['a program to start', 'file:///usr/bin/true'],
    ['a command line', 'javascript:alert(1)'],
    ['an address where others read along', 'http://logins.example.com/authorize'],
  ])('leads to %s: no browser is sent there', async (_, endpoint) => {
    const { url } = await loginServer({ endpoint });
    const { run, visited, home } = place({ url });
    const { code, stderr } = await run('mcp', 'login', 'guarded');
    expect(stderr).toContain('You are not logged in at the MCP server guarded');
    expect(code).toBe(1);
    expect(visited()).toEqual([]);
    expect(loginFiles(home)).toEqual([]);
  });

  it('uses what the user registered, where the server registers nobody', async () => {
    const port = 20_000 + (process.pid % 12_000);
    const client = {
      client_id: 'victor-here',
      client_secret: 'client-0123456789',
      redirect_uris: [`http://127.0.0.1:${port}/callback`],
    };
    const { url, told } = await loginServer({ registers: false, client });
    const without = place({ url });
    expect((await without.run('mcp', 'login', 'guarded')).stderr).toContain('dynamic client registration');
    const oauth = { clientId: 'victor-here', clientSecret: `\${CLIENT_WORD}`, callbackPort: port };
    const { run, ask } = place({ url, oauth }, { CLIENT_WORD: 'client-0123456789' });
    const { code, stderr } = await run('mcp', 'login', 'guarded');
    expect(stderr).toContain('you are logged in at guarded');
    expect(code).toBe(0);
    expect(stderr).not.toContain('client-0123456789');
    expect(told.flatMap(({ registered = [] }) => registered)).toEqual([]);
    const { model } = await ask(whoami, allowed);
    expect(offered(model)).toEqual(['mcp__guarded__whoami']);
  });

  it('knows what a project registered from its .mcp.json, whatever other agents write beside it', async () => {
    const { run, write } = folder();
    const url = 'https://mcp.example.com/mcp';
    const given = {
      tracker: { type: 'http', url, oauth: { clientId: 'ours', callbackPort: 8976, xaa: true } },
      other: { url, oauth: { callbackPort: 'any' } },
    };
    write({ '.mcp.json': JSON.stringify({ mcpServers: given }) });
    const { stdout } = await run('config', 'get', 'mcpServers', '--trust');
    expect(stdout).toContain('mcpServers.tracker.oauth.clientId = "ours"');
    expect(stdout).toContain('mcpServers.tracker.oauth.callbackPort = 8976');
    expect(stdout).toContain(`mcpServers.other.url = "${url}"`);
    expect(stdout).not.toContain('xaa');
    expect(stdout).not.toContain('mcpServers.other.oauth');
  });

  it('is for servers over HTTP that say nothing of the user in their definition, and over HTTPS or on this machine', async () => {
    const { url } = await loginServer();
    const own = place({ url, headers: { Authorization: 'Bearer 0123456789ab' } });
    expect((await own.ask([{ text: 'On.' }])).stderr).toContain('does not take its Authorization header');
    expect((await own.run('mcp', 'login', 'guarded')).stderr).toContain('gets an Authorization header');
    const far = place({ url: 'http://192.0.2.1/mcp' });
    expect((await far.run('mcp', 'login', 'guarded')).stderr).toContain('reached over plain HTTP');
    const program = folder({ guarded: { command: process.execPath } });
    expect((await program.run('mcp', 'login', 'guarded')).stderr).toContain(
      'is a program, and logs nobody in',
    );
    expect((await program.run('mcp', 'login', 'nobody')).code).toBe(2);
  });
});
