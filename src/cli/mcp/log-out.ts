import { type CommandLine, notice } from '../command-line.js';
import { configuredServers, withOnly } from './configured-servers.js';
import { openServers } from './with-server.js';

/** Forgets the login at a server. Nothing is sent to it. */
export async function logOut(
  name: string,
  options: { readonly trust?: true },
  cli: CommandLine,
): Promise<void> {
  const config = withOnly(await configuredServers(options, cli), name);
  const servers = await openServers(config, { persist: true }, cli);
  const was = await servers.logOut(name);
  const server = 'what it gave stays good there until you end it at the server';
  notice(cli, was ? `the login at ${name} is forgotten; ${server}` : `you are not logged in at ${name}`);
}
