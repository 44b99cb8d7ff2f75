import { resolve } from 'node:path';
import { isatty } from 'node:tty';
import { usesUnicode } from '../../core/unicode-locale.js';
import { detectLocalServers } from '../../providers/local-servers.js';
import { sqliteVersion } from '../../storage/sqlite-connection.js';
import { findProgram } from '../../tools/find-program.js';
import { findRipgrep } from '../../tools/find-ripgrep.js';
import { colourLevel } from '../colours.js';
import type { CommandLine } from '../command-line.js';
import { type Check, look } from './check.js';

/** What Victor stands on wherever it is started: itself, its native module, programs, the terminal, local models. */
export async function checkSystem(directory: string | undefined, cli: CommandLine): Promise<Check[]> {
  const [native, found, models] = await Promise.all([
    look('native module', async () => `better-sqlite3 loads, SQLite ${await sqliteVersion()}`),
    programs(directory, cli.environment),
    localModels(),
  ]);
  return [installation(), native, ...found, terminal(cli), ...models];
}

function installation(): Check {
  const version = process.env.VICTOR_VERSION ?? 'unbuilt';
  const detail = `victor ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
  return { name: 'installation', status: 'ok', detail };
}

/** What tools start when it is there; looked for as the tools do, never inside the workspace. */
async function programs(directory: string | undefined, environment: NodeJS.ProcessEnv): Promise<Check[]> {
  const cwd = resolve(directory ?? '.');
  const found = {
    bash: findProgram('bash', environment.PATH, cwd),
    git: findProgram('git', environment.PATH, cwd),
    ripgrep: await findRipgrep(environment, cwd),
  };
  return Object.entries(found).map(([name, path]): Check => {
    if (path !== undefined) return { name, status: 'ok', detail: path };
    if (name === 'bash')
      return { name, status: 'failed', detail: 'not found; the Bash tool cannot run anything' };
    const detail = `not found; Victor works without ${name}, but slower or with less to say`;
    return { name, status: 'info', detail };
  });
}

function terminal({ environment, stdout }: CommandLine): Check {
  const [input, errors] = [isatty(0), isatty(2)];
  const none = [input || 'input', stdout.isTerminal || 'output', errors || 'errors'].filter(
    (one) => typeof one === 'string',
  );
  const size = stdout.isTerminal ? `${stdout.columns} columns, ` : '';
  const level = colourLevel(environment, stdout.isTerminal);
  const colours = ['no colours', '16 colours', '256 colours', 'all colours'][level];
  const unicode = usesUnicode(environment) ? 'UTF-8' : 'no UTF-8 in LANG';
  const kind = none.length === 0 ? 'a terminal' : `${none.join(', ')}: no terminal, so no chat here`;
  return {
    name: 'terminal',
    status: none.length === 0 ? 'ok' : 'info',
    detail: `${kind}; ${size}${colours}, ${unicode}`,
  };
}

async function localModels(): Promise<Check[]> {
  const servers = await detectLocalServers(new AbortController().signal);
  return servers.map(({ name, models: [first, ...others] }) => {
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    const use = first === undefined ? 'it has no model yet' : `use it with victor --model ${first}${more}`;
    return { name, status: 'info', detail: `runs on this machine; ${use}` };
  });
}
