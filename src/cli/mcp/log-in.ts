import { createInterface } from 'node:readline';
import { type CommandLine, notice } from '../command-line.js';
import { catchSignals } from '../interruption.js';
import { openInBrowser } from '../open-in-browser.js';
import { configuredServers, withOnly } from './configured-servers.js';
import { openServers } from './with-server.js';

export interface LogInFlags {
  readonly trust?: true;
  readonly browser: boolean;
}

/** Leads the user through a login at a server that is reached over HTTP. Rejects with a `ToolServerError`. */
export async function logIn(name: string, { trust, browser }: LogInFlags, cli: CommandLine): Promise<void> {
  const config = withOnly(await configuredServers(trust ? { trust } : {}, cli), name);
  const interruption = catchSignals();
  const servers = await openServers(config, { persist: true }, cli);
  const pasted = createInterface({ input: process.stdin });
  try {
    const isLoggedIn = await servers.logIn(
      name,
      (address, ended) => {
        const isOpened = browser && openInBrowser(address, cli.environment);
        notice(cli, `${isOpened ? 'your browser shows where to log in' : 'log in here'}: ${address}`);
        notice(
          cli,
          'waiting for it. In a browser of another machine, paste here the address that it ends on.',
        );
        pasted.on('line', (line) => {
          if (line.trim() !== '' && !ended(line))
            notice(cli, 'that is not where this login ends: paste the whole address, or log in again.');
        });
      },
      interruption.signal,
    );
    const tools = servers.list().flatMap((one) => one.tools).length;
    const has = `it has ${tools} ${tools === 1 ? 'tool' : 'tools'}`;
    notice(cli, isLoggedIn ? `you are logged in at ${name}; ${has}` : `${name} wants no login; ${has}`);
  } catch (error) {
    if (interruption.exitCode === undefined) throw error;
    notice(cli, `interrupted. You are not logged in at ${name}.`);
    cli.exitCode = interruption.exitCode;
  } finally {
    pasted.close();
    process.stdin.destroy();
    interruption.release();
    await servers.close();
  }
}
