import { victorPaths } from '../config/paths.js';
import type { Settings } from '../config/schema.js';
import { CommandSandbox } from '../sandbox/command-sandbox.js';

/** What the status line says of the sandbox. */
export async function sandboxStatus(
  settings: Settings,
  cwd: string,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const paths = victorPaths(environment);
  const sandbox = new CommandSandbox({ settings, environment, cwd, workspaceRoot: cwd, paths });
  const { status } = await sandbox.state();
  if (status === 'active') return settings.sandboxNetwork ? 'sandbox with network' : 'sandbox';
  return status === 'off' ? 'sandbox off' : 'no sandbox';
}
