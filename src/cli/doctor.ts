import { resolve } from 'node:path';
import { loadConfig } from '../config/load.js';
import { createOrchestrator } from '../create-orchestrator.js';
import { detectLocalServers } from '../providers/local-servers.js';
import { findProgram } from '../tools/find-program.js';
import { findRipgrep } from '../tools/find-ripgrep.js';
import { sanitize } from '../ui/sanitize.js';
import { colours } from './colours.js';
import type { CommandLine } from './command-line.js';
import { formatJson } from './format-json.js';
import { errorLine } from './report-error.js';
import { workDirectory } from './work-directory.js';

export interface Check {
  readonly name: string;
  /** `info` is worth knowing and nothing to mend. */
  readonly status: 'ok' | 'info' | 'failed';
  readonly detail: string;
}

/** Looks at everything Victor stands on, each on its own, and answers exit code 1 when something is broken. */
export async function doctor(options: { json?: true; cwd?: string }, cli: CommandLine): Promise<number> {
  const { stdout, environment } = cli;
  const checks = [
    installation(),
    ...(await programs(options.cwd, environment)),
    ...(await workspace(options.cwd, cli)),
    ...(await localModels()),
  ];
  if (options.json) {
    stdout.write(formatJson(checks));
  } else {
    const { green, red, dim } = await colours(environment, stdout.isTerminal);
    const marks = { ok: green('ok    '), info: dim('info  '), failed: red('failed') };
    for (const { name, status, detail } of checks) {
      stdout.write(`${marks[status]} ${sanitize(`${name}: ${detail}`)}\n`);
    }
  }
  return checks.some((check) => check.status === 'failed') ? 1 : 0;
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
    git: findProgram('git', environment.PATH, cwd),
    ripgrep: await findRipgrep(environment, cwd),
  };
  return Object.entries(found).map(([name, path]) => {
    const missing = `not found; Victor works without ${name}, but slower or with less to say`;
    return { name, status: path === undefined ? 'info' : 'ok', detail: path ?? missing };
  });
}

/** Configuration, database and every coordinator, as a turn in this directory would use them. */
async function workspace(directory: string | undefined, { environment }: CommandLine): Promise<Check[]> {
  const checks: Check[] = [];
  try {
    const cwd = workDirectory(directory);
    const config = await loadConfig({ cwd, environment });
    const trusted = config.trusted ? 'trusted' : 'not trusted';
    checks.push({
      name: 'configuration',
      status: 'ok',
      detail: `valid; ${config.workspaceRoot} is ${trusted}`,
    });
    checks.push(
      ...config.notices.map((detail): Check => ({ name: 'configuration', status: 'info', detail })),
    );

    const orchestrator = await createOrchestrator({ cwd, environment, config });
    try {
      const { notices } = orchestrator.store;
      if (notices.length === 0) {
        checks.push({ name: 'database', status: 'ok', detail: config.paths.databaseFile });
      }
      checks.push(...notices.map((detail): Check => ({ name: 'database', status: 'failed', detail })));
      for (const { name, ok, detail } of await orchestrator.health()) {
        checks.push({ name: `${name} coordinator`, status: ok ? 'ok' : 'failed', detail });
      }
    } finally {
      await orchestrator.close();
    }
  } catch (error) {
    checks.push({ name: 'workspace', status: 'failed', detail: errorLine(error).replace(/^victor: /, '') });
  }
  return checks;
}

async function localModels(): Promise<Check[]> {
  const servers = await detectLocalServers(new AbortController().signal);
  return servers.map(({ name, models: [first, ...others] }) => {
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    const use = first === undefined ? 'it has no model yet' : `use it with victor --model ${first}${more}`;
    return { name, status: 'info', detail: `runs on this machine; ${use}` };
  });
}
