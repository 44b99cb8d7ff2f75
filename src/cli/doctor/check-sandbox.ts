import type { LoadedConfig } from '../../config/load.js';
import { realDirectory } from '../../config/workspace-root.js';
import { CommandSandbox } from '../../sandbox/command-sandbox.js';
import type { Check } from './check.js';

/** How commands of a session here would be confined, found out by running the backend. */
export async function checkSandbox(config: LoadedConfig, directory: string): Promise<Check> {
  const name = 'sandbox';
  const { settings, environment, workspaceRoot, paths } = config;
  const cwd = realDirectory(directory);
  const state = await new CommandSandbox({ settings, environment, cwd, workspaceRoot, paths }).state();
  if (state.status === 'off') return { name, status: 'info', detail: 'off; commands run unconfined' };
  if (state.status === 'missing') {
    const required = settings.sandbox === 'require';
    const effect = required ? 'no command will run' : 'commands run unconfined';
    return {
      name,
      status: required ? 'failed' : 'info',
      detail: `${state.reason}; ${effect}. ${state.advice}`,
    };
  }
  const network = settings.sandboxNetwork ? 'the network can be reached' : 'no network';
  return { name, status: 'ok', detail: `${state.backend}; commands write only the workspace, ${network}` };
}
