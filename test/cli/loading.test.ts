import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';

interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

/** What tells a part of the bundle apart from all others. */
const parts = {
  ink: /react-reconciler|yoga/i,
  anthropic: /anthropic-version/,
  openai: /OpenAI-Organization/,
  settings: /Output tokens asked for per provider call/,
  // Victor's own part, and the SDK.
  mcp: /Not waited for any longer/,
  'mcp-sdk': /Streamable HTTP error/,
  acp: /agentclientprotocol|session\/request_permission/,
};

/** The parts in these scripts, by name, so that a failure prints names and not the scripts. */
function partsIn(files: readonly string[]): string[] {
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  return Object.entries(parts).flatMap(([name, pattern]) => (pattern.test(text) ? [name] : []));
}

/** Runs victor with V8's coverage on, which names every script that was loaded. */
async function loadedParts(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const directory = temporaryDirectory();
  const { code } = await runVictor(args, { env: { ...env, NODE_V8_COVERAGE: directory } });
  const [file = ''] = readdirSync(directory);
  const { result } = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Coverage;
  const ours = result.map(({ url }) => url).filter((url) => /\/dist\/(?:program\/)?[^/]+\.js$/.test(url));
  return { code, loaded: partsIn(ours.map((url) => fileURLToPath(url))) };
}

describe.concurrent('a command loads only what it uses', () => {
  it('ask with a model: its SDK, not the other one, and no Ink', async () => {
    const { env } = await scriptedModel();
    expect(await loadedParts(['ask', 'hi'], env)).toEqual({ code: 0, loaded: ['anthropic', 'settings'] });
  });

  it('ask without a model: no SDK and no Ink', async () => {
    expect(await loadedParts(['ask', 'hi', '-m', 'offline'])).toEqual({ code: 0, loaded: ['settings'] });
  });

  it('ask with an MCP server named: that part and its SDK; mcp list: that neither', async () => {
    const home = temporaryDirectory();
    const servers = { none: { command: process.execPath, args: ['-e', ''] } };
    writeFileSync(join(home, 'config.json'), JSON.stringify({ mcpServers: servers }), { mode: 0o600 });
    const env = { VICTOR_HOME: home };
    const asked = await loadedParts(['ask', 'hi', '-m', 'offline'], env);
    expect(asked).toEqual({ code: 0, loaded: ['settings', 'mcp', 'mcp-sdk'] });
    expect(await loadedParts(['mcp', 'list'], env)).toEqual({ code: 0, loaded: ['settings'] });
  });

  it('acp: that part with its SDK, and no Ink', async () => {
    // Nobody speaks to it, so it ends.
    expect(await loadedParts(['acp'])).toEqual({ code: 0, loaded: ['settings', 'acp'] });
  });

  it('sessions list: not even the settings', async () => {
    expect(await loadedParts(['sessions', 'list'])).toEqual({ code: 0, loaded: [] });
  });

  it('the bundle holds the production React, none of its devtools, and of zod only what is used', () => {
    const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
    const files = ['', 'program'].flatMap((folder) =>
      readdirSync(join(dist, folder))
        .filter((name) => name.endsWith('.js'))
        .map((name) => join(folder, name)),
    );
    expect(partsIn(files.map((name) => join(dist, name)))).toEqual(Object.keys(parts));
    const unwanted = {
      'development React': /react(-reconciler)?\.development/,
      devtools: /connectToDevTools/,
      'a choice left to run time': /process\.env\.NODE_ENV/,
      // `import { z }` instead of `import * as z` brings sixty languages and doubles what loading zod takes.
      'the languages of zod': /Ungültige Eingabe/,
    };
    for (const name of files) {
      const text = readFileSync(join(dist, name), 'utf8');
      const found = Object.entries(unwanted).filter(([, pattern]) => pattern.test(text));
      expect({ name, found: found.map(([what]) => what) }).toEqual({ name, found: [] });
    }
  });
});

describe.concurrent('C21: nothing is connected to that nobody asked for', () => {
  const spy = `import net from 'node:net';
    const connect = net.Socket.prototype.connect;
    net.Socket.prototype.connect = function (...all) { process.stderr.write('CONNECTED\\\\n'); return connect.apply(this, all); };`;
  const watched = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(spy)}` };

  it('ask without a model opens no connection', async () => {
    const result = await runVictor(['ask', 'hi'], { env: watched });
    expect(result.code).toBe(0);
    expect(result.stderr).not.toContain('CONNECTED');
  });

  it('ask with a model opens one, to the model', async () => {
    const { env, server } = await scriptedModel();
    const result = await runVictor(['ask', 'hi'], { env: { ...env, ...watched } });
    expect(result.stderr.match(/CONNECTED/g)).toHaveLength(1);
    expect(server.connections).toBe(1);
  });
});
