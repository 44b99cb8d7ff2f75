import { type LoadedConfig, loadConfig } from '../../config/load.js';
import { changedToolLines } from '../../core/changed-tool.js';
import { ToolServerError } from '../../core/errors.js';
import type { ServerStatus } from '../../core/tool-servers.js';
import { sanitize } from '../../ui/sanitize.js';
import type { CommandLine } from '../command-line.js';
import { formatJson } from '../format-json.js';
import { workDirectory } from '../work-directory.js';
import { configuredServers, withOnly } from './configured-servers.js';
import { withServer } from './with-server.js';

/** Starts one server, lists what it has, calls nothing and ends it. Rejects with a `ToolServerError` when it does not answer. */
export async function testServer(
  name: string,
  command: readonly string[],
  options: { readonly json?: true; readonly trust?: true },
  cli: CommandLine,
): Promise<void> {
  const isNew = command.length > 0;
  const config = isNew
    ? await withCommand(name, command, cli)
    : withOnly(await configuredServers(options, cli), name);
  await withServer(config, { persist: !isNew }, cli, async (servers) => {
    const [status] = servers.list();
    if (status?.state !== 'ready') {
      throw new ToolServerError(name, status?.problem ?? `The MCP server ${name} did not answer.`, {
        advice: adviceOf(status) ?? 'Start its command by hand in this folder to see what it needs.',
      });
    }
    if (options.json) return cli.stdout.write(formatJson(status));
    cli.stdout.write(report(status));
  });
}

/** What is to be done about it, unless that is what was done here. */
function adviceOf(status: ServerStatus | undefined): string | undefined {
  return status?.advice?.includes('victor mcp test') ? undefined : status?.advice;
}

/** Settings with nothing but a server that the user types here. */
async function withCommand(
  name: string,
  [command = '', ...args]: readonly string[],
  { environment }: CommandLine,
): Promise<LoadedConfig> {
  const config = await loadConfig({ cwd: workDirectory(undefined), environment });
  const settings = { ...config.settings, mcpServers: { [name]: { command, args } } };
  return { ...config, settings, origins: {} };
}

function report({ name, tools, prompts, resources }: ServerStatus): string {
  const lines = [
    `${name} answers, with ${tools.length} ${tools.length === 1 ? 'tool' : 'tools'}`,
    ...tools.map(
      (tool) =>
        `  ${tool.name}${tool.changed ? ' (not as you approved it)' : ''}  ${firstLine(tool.description)}`,
    ),
    ...tools.flatMap(changedToolLines),
    ...(prompts.length > 0
      ? [`prompts, as commands of the chat: ${prompts.map((one) => `/${one}`).join(', ')}`]
      : []),
    ...(resources ? [`resources, in a message: @${name}:URI`] : []),
  ];
  return lines.map((line) => `${sanitize(line)}\n`).join('');
}

const LONGEST_LINE = 100;

function firstLine(text: string): string {
  const [line = ''] = text.split('\n', 1);
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}
