import { maskSecrets } from '../../config/mask-secrets.js';
import type { McpServerSetting } from '../../config/mcp-settings.js';
import { colours } from '../colours.js';
import { type CommandLine, notice } from '../command-line.js';
import { formatJson } from '../format-json.js';
import { formatTable } from '../format-table.js';
import { configuredServers } from './configured-servers.js';

/** Every server that is named here, and whether it is started. Nothing is started. */
export async function listServers(
  options: { readonly json?: true; readonly trust?: true },
  cli: CommandLine,
): Promise<void> {
  const { stdout, environment } = cli;
  const { config, servers, waiting } = await configuredServers(options, cli);
  for (const text of config.notices) notice(cli, text);
  const all = [
    ...servers.map(({ name, server, file, folder }) => ({
      name,
      transport: 'command' in server ? 'stdio' : 'http',
      // Only what a project brings needs a yes before it is started.
      status: folder === undefined ? 'yours' : options.trust ? 'project, by --trust' : 'project, confirmed',
      file,
      runs: shown(server),
    })),
    ...waiting.map(({ name, file, value }) => ({
      name,
      transport: '?',
      status: 'project, not confirmed',
      file,
      runs: value,
    })),
  ];
  if (options.json) return stdout.write(formatJson(all));
  if (all.length === 0) {
    return notice(cli, 'no MCP server is named here. victor mcp add NAME -- COMMAND names one.');
  }
  const rows = all.map(({ name, status, runs, file = '' }) => [name, status, runs, file]);
  const width = stdout.isTerminal ? stdout.columns : 0;
  const table = formatTable(['name', 'status', 'what it is', 'named in'], rows, {
    width,
    colours: await colours(environment, stdout.isTerminal),
  });
  stdout.write(table);
  if (waiting.length > 0) notice(cli, 'victor trust shows and confirms what this folder names.');
}

function shown(server: McpServerSetting): string {
  if (!('command' in server)) return maskSecrets(server.url) as string;
  return [server.command, ...(server.args ?? [])].join(' ');
}
