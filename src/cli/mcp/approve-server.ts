import { changedToolLines } from '../../core/changed-tool.js';
import { sanitize } from '../../ui/sanitize.js';
import { type CommandLine, notice } from '../command-line.js';
import { configuredServers, withOnly } from './configured-servers.js';
import { withServer } from './with-server.js';

/** Starts a server and takes its tools as they are. */
export async function approveServer(
  name: string,
  options: { readonly trust?: true },
  cli: CommandLine,
): Promise<void> {
  const config = withOnly(await configuredServers(options, cli), name);
  await withServer(config, { persist: true }, cli, (servers) => {
    const shown = servers.list().flatMap(({ tools }) => tools.flatMap(changedToolLines));
    const changed = servers.approve(name);
    for (const line of shown) cli.stdout.write(`${sanitize(line)}\n`);
    const what =
      changed.length === 0 ? 'its tools are as you approved them' : `approved: ${changed.join(', ')}`;
    notice(cli, `${name}: ${what}`);
  });
}
