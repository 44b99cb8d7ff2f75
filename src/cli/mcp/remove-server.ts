import { removeUserSetting } from '../../config/edit.js';
import { KeptLogins } from '../../config/kept-logins.js';
import { victorPaths } from '../../config/paths.js';
import { ConfigError } from '../../core/errors.js';
import { type CommandLine, notice } from '../command-line.js';
import type { AddFlags } from './add-server.js';
import { projectFile, readServers, writeServers } from './project-servers.js';

/** Takes a server out of the file that names it. */
export async function removeServer(
  name: string,
  { scope }: Pick<AddFlags, 'scope'>,
  cli: CommandLine,
): Promise<void> {
  const removed = scope === 'user' ? await fromUser(name, cli) : fromProject(name);
  if (removed) {
    // Nobody could log out at a server that is not there any more.
    const was = scope === 'user' && new KeptLogins(victorPaths(cli.environment)).forgetAll(name);
    return notice(
      cli,
      `${name} is not named there any more${was ? ', and the login at it is forgotten' : ''}`,
    );
  }
  const other = scope === 'user' ? ' --scope project is for one in .mcp.json.' : '';
  throw new ConfigError(
    `there is no server ${name} ${scope === 'user' ? 'in your settings' : 'in .mcp.json'}`,
    {
      advice: `victor mcp list shows where each is named.${other}`,
    },
  );
}

function fromUser(name: string, cli: CommandLine): Promise<boolean> {
  return removeUserSetting({ key: `mcpServers["${name}"]`, paths: victorPaths(cli.environment) });
}

function fromProject(name: string): boolean {
  const file = projectFile();
  const { mcpServers, ...rest } = readServers(file);
  if (!Object.hasOwn(mcpServers, name)) return false;
  const { [name]: _, ...others } = mcpServers;
  writeServers(file, { ...rest, mcpServers: others });
  return true;
}
