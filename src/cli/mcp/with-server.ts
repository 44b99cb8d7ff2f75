import type { LoadedConfig } from '../../config/load.js';
import type { ToolServers } from '../../core/tool-servers.js';
import type { NamedServers } from '../../named-servers.js';
import { openMcpServers } from '../../open-mcp-servers.js';
import { type CommandLine, notice } from '../command-line.js';
import { workDirectory } from '../work-directory.js';

/** Longer than a server may take to answer at all. */
const WAIT_MS = 120_000;

/** The servers that settings name; none is started yet. */
export function openServers(
  config: LoadedConfig,
  { persist }: { readonly persist: boolean },
  { environment }: CommandLine,
): Promise<NamedServers> {
  const cwd = workDirectory(undefined);
  return openMcpServers(config, { cwd, environment, waitMs: WAIT_MS, persist });
}

/** Starts the servers that settings name, waits until each has answered or failed, and ends them after `use`. */
export async function withServer(
  config: LoadedConfig,
  { persist }: { readonly persist: boolean },
  cli: CommandLine,
  use: (servers: ToolServers) => Promise<void> | void,
): Promise<void> {
  const servers = await openServers(config, { persist }, cli);
  const said: string[] = [];
  servers.onNotice = (text) => said.push(text);
  try {
    await servers.ready(new AbortController().signal);
    const isUp = servers.list().every(({ state }) => state === 'ready');
    // Of one that failed, the error says it.
    if (isUp) for (const text of said) notice(cli, text);
    await use(servers);
  } finally {
    await servers.close();
  }
}
