import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { runShell, runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { desktop, loginServer } from './login-server.js';
import { calls, everything } from './servers.js';

const page = readFileSync(new URL('../../docs/mcp.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!);

describe.concurrent('docs/mcp.md as it stands', () => {
  it('its first example does what it says, with the reference server from this checkout', async () => {
    const [lines = ''] = blocks('sh');
    const model = await scriptedModel(calls('mcp__everything__echo', { message: 'hello' }), {
      text: 'It said hello.',
    });
    // What npx would fetch is here already.
    const here = lines.replace(
      'npx -y @modelcontextprotocol/server-everything',
      `"$VICTOR_NODE" ${everything}`,
    );
    expect(here).not.toBe(lines);
    const env = { ...model.env, VICTOR_HOME: temporaryDirectory() };
    const { code, stdout } = await runShell(`set -e\n${here}`, { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /everything answers, with \d+ tools\n[\s\S]*mcp__everything__echo[\s\S]*It said hello\.\n$/,
    );
    expect(model.toolResults().join()).toContain('Echo: hello');
  });

  it('its example of a login does what it says, at a server on this machine', async () => {
    const [, lines = ''] = blocks('sh');
    const { url } = await loginServer();
    const { env: desktopEnv } = desktop();
    const here = lines.replace('https://mcp.example.com/mcp', url);
    expect(here).not.toBe(lines);
    const env = { ...desktopEnv, VICTOR_HOME: temporaryDirectory() };
    const { code, stderr } = await runShell(`set -e\n${here}`, { env });
    expect(stderr).toContain('you are logged in at tracker; it has 1 tool');
    expect(code).toBe(0);
  });

  it('its settings are valid, also those for .mcp.json', async () => {
    for (const yaml of blocks('yaml')) {
      const home = temporaryDirectory();
      writeFileSync(join(home, 'config.yaml'), yaml, { mode: 0o600 });
      const { code, stdout, stderr } = await runVictor(['config', 'validate'], {
        env: { VICTOR_HOME: home },
      });
      expect({ code, said: stdout + stderr }).toEqual({ code: 0, said: expect.any(String) });
    }
    const cwd = temporaryDirectory();
    const [json = ''] = blocks('json');
    writeFileSync(join(cwd, '.mcp.json'), json);
    const { stdout, stderr } = await runVictor(['mcp', 'list', '--trust', '--json'], { cwd });
    expect({ servers: JSON.parse(stdout), stderr }).toEqual({
      servers: [expect.objectContaining({ name: 'files', status: 'project, by --trust' })],
      stderr: '',
    });
  });

  it('every flag of victor mcp that it names exists', async () => {
    const help = await Promise.all(
      ['add', 'list', 'remove', 'test', 'approve', 'login', 'logout'].map((name) =>
        runVictor(['mcp', name, '--help']),
      ),
    );
    const all = help.map(({ stdout }) => stdout).join('\n');
    for (const flag of ['--env', '--header', '--transport', '--scope', '--no-browser']) {
      expect(page).toContain(flag);
      expect(all).toContain(flag);
    }
  });
});
