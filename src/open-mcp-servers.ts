import { ApprovedTools } from './config/approved-tools.js';
import { KeptLogins } from './config/kept-logins.js';
import type { LoadedConfig } from './config/load.js';
import { type ServerDefinition, serverDefinitions } from './config/mcp-definitions.js';
import type { McpServerSetting } from './config/mcp-settings.js';
import { withoutSecrets } from './config/secret-variables.js';
import type { ToolApprovals } from './core/tool-approvals.js';
import { NamedServers } from './named-servers.js';

export interface OpenServersOptions {
  /** The folder Victor works in, absolute. */
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Milliseconds that a first turn waits for them to start. */
  readonly waitMs: number;
  /** `false` keeps nothing of what the user approves. */
  readonly persist: boolean;
  /** Servers of this process alone, which the program that started it names, in words that stand for themselves. */
  readonly also?: Readonly<Record<string, McpServerSetting>> | undefined;
}

/** The MCP servers that settings name, none of them started yet. Nothing of all that is loaded while they name none. */
export async function openMcpServers(
  config: LoadedConfig,
  options: OpenServersOptions,
): Promise<NamedServers> {
  const { cwd, environment, waitMs, persist, also = {} } = options;
  const own = Object.entries(also).map(([name, server]) => passingDefinition(name, server));
  const servers = new NamedServers({
    make: async () => {
      const { McpServers } = await import('./mcp/index.js');
      const kept = new ApprovedTools(config.paths, { kept: persist });
      const passing = new ApprovedTools(config.paths, { kept: false });
      const logins = new KeptLogins(config.paths);
      return new McpServers({ cwd, environment, waitMs, logins, approved: approvals(kept, passing, also) });
    },
    namedBy: (now) => ({
      definitions: [...serverDefinitions(now).filter(({ name }) => !Object.hasOwn(also, name)), ...own],
      trusted: now.trusted,
      inherited: withoutSecrets(environment, now.settings),
    }),
  });
  await servers.redefine(config, { confirmed: true });
  return servers;
}

function passingDefinition(name: string, server: McpServerSetting): ServerDefinition {
  return { name, server, literal: true, withheld: new Set(), isStillConfirmed: () => true };
}

/** What holds a port or a token of this start is another server at the next one, so nothing is kept of it. */
function approvals(
  kept: ToolApprovals,
  passing: ToolApprovals,
  also: Readonly<Record<string, unknown>>,
): ToolApprovals {
  return {
    of: (hash) => passing.of(hash) ?? kept.of(hash),
    keep: (server, hash, tools) => (Object.hasOwn(also, server) ? passing : kept).keep(server, hash, tools),
  };
}
