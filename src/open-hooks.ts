import { hookDefinitions } from './config/hook-definitions.js';
import type { LoadedConfig } from './config/load.js';
import { withoutSecrets } from './config/secret-variables.js';
import type { Hooks } from './core/hook.js';
import { HookedCoordinators } from './hooks/index.js';
import { childEnvironment } from './tools/child-environment.js';

export interface OpenHooksOptions {
  /** The folder Victor works in, absolute. */
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Somebody can be asked whether a call may run. */
  readonly canAsk: boolean;
}

/**
 * The hooks that settings name; `undefined` where they name none. Imported like everything else: so small a piece of its own would
 * make the bundle fall into more files for those who have no hooks.
 */
export function openHooks(
  config: LoadedConfig,
  { cwd, environment, canAsk }: OpenHooksOptions,
): Hooks | undefined {
  if (Object.keys(config.settings.hooks).length === 0) return undefined;
  const definitions = hookDefinitions(config);
  if (definitions.length === 0) return undefined;
  const { settings, workspaceRoot } = config;
  return new HookedCoordinators({
    ...{ definitions, cwd, canAsk },
    projectDirectory: workspaceRoot,
    // As commands of the model, they get none of the keys.
    environment: childEnvironment(withoutSecrets(environment, settings), settings.commandEnvironment),
    searchPath: environment.PATH,
  });
}
