import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterFile } from '../helpers/after-file.js';
import { cleanEnvironment, temporaryDirectory } from '../helpers/run-victor.js';

const program = fileURLToPath(new URL('../fixtures/mcp/login-server.mjs', import.meta.url));
interface Told {
  readonly url?: string;
  readonly of?: 'logins' | 'tools';
  readonly path?: string;
  readonly authorization?: string;
  readonly extra?: string;
  readonly granted?: 'code' | 'refresh';
  readonly registered?: readonly string[];
}

/** The servers of the fixture, and what they tell of. */
export async function loginServer(options: object = {}) {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  afterFile(() => child.kill('SIGKILL'));
  const told: Told[] = [];
  const lines = createInterface({ input: child.stdout! });
  const [first] = (await once(lines, 'line')) as [string];
  lines.on('line', (line: string) => told.push(JSON.parse(line)));
  const { url } = JSON.parse(first) as { readonly url: string };
  const end = async (what: 'all' | 'tokens') => {
    child.send({ end: what });
    await once(child, 'message');
  };
  return {
    url,
    told,
    revokeAll: () => end('all'),
    /** What was given is good no more, but for getting more. */
    expireTokens: () => end('tokens'),
  };
}

/** A desktop whose browser follows where it is sent, and the addresses that it was sent to. */
export function desktop(): { readonly env: Readonly<Record<string, string>>; visited(): readonly string[] } {
  const bin = temporaryDirectory();
  const log = join(bin, 'visited');
  const browser = join(bin, 'xdg-open');
  writeFileSync(
    browser,
    `#!${process.execPath}
require('node:fs').appendFileSync(${JSON.stringify(log)}, process.argv[2] + '\\n' + JSON.stringify(process.env) + '\\n');
fetch(process.argv[2]).then((answer) => answer.text());
`,
  );
  chmodSync(browser, 0o755);
  return {
    env: { DISPLAY: ':9', PATH: `${bin}:${process.env.PATH ?? ''}` },
    visited: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
  };
}
