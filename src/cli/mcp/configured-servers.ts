import type { FolderItem } from '../../config/folder-items.js';
import { type LoadedConfig, loadConfig } from '../../config/load.js';
import { type ServerDefinition, serverDefinitions } from '../../config/mcp-definitions.js';
import { nearest } from '../../config/nearest.js';
import { ConfigError } from '../../core/errors.js';

import type { CommandLine } from '../command-line.js';
import { workDirectory } from '../work-directory.js';

export interface ConfiguredServers {
  readonly config: LoadedConfig;
  /** Those that are started here. */
  readonly servers: readonly ServerDefinition[];
  /** Those that a project names and the user has not confirmed. */
  readonly waiting: readonly (FolderItem & { readonly name: string })[];
}

const prefix = 'mcpServers.';

export async function configuredServers(
  { trust }: { readonly trust?: true },
  { environment }: CommandLine,
): Promise<ConfiguredServers> {
  const config = await loadConfig({
    cwd: workDirectory(undefined),
    environment,
    ...(trust ? { trust } : {}),
  });
  const waiting = config.unconfirmed
    .filter(({ key }) => key.startsWith(prefix))
    .map((item) => ({ ...item, name: item.key.slice(prefix.length) }));
  return { config, servers: serverDefinitions(config), waiting };
}

/** The settings with this server alone. Throws `ConfigError` for one that is not there, or not confirmed. */
export function withOnly({ config, servers, waiting }: ConfiguredServers, name: string): LoadedConfig {
  const all = config.settings.mcpServers;
  const server = Object.hasOwn(all, name) ? all[name] : undefined;
  if (server) return { ...config, settings: { ...config.settings, mcpServers: { [name]: server } } };
  const unconfirmed = waiting.find((one) => one.name === name);
  if (unconfirmed) {
    throw new ConfigError(
      `the MCP server ${name} is named by ${unconfirmed.file}, and you have not confirmed it`,
      {
        advice: 'victor trust shows and confirms what this folder names; --trust does it for this once.',
      },
    );
  }
  const names = [...servers, ...waiting].map((one) => one.name);
  const meant = nearest(name, names);
  const known = names.length === 0 ? 'victor mcp add names one.' : `There are: ${names.join(', ')}.`;
  throw new ConfigError(`there is no MCP server ${name} here`, {
    advice: meant === undefined ? known : `Did you mean ${meant}?`,
  });
}
