import { contentsOf, linesOf } from '../config/folder-contents.js';
import { type LoadConfigOptions, type LoadedConfig, loadConfig } from '../config/load.js';
import { holdsHome, trustFolder } from '../config/trust.js';
import type { TrustAnswer } from '../ui/index.js';

/** The settings to start with, or the user's wish to leave. */
export type Start =
  | { readonly config: LoadedConfig }
  | { readonly config?: undefined; readonly left: TrustAnswer };

/**
 * Loads the settings, and where the folder would bring something that the user has not confirmed, asks before anything
 * of it runs. Trust is stored of just what was listed, and then the settings are loaded as they hold with it.
 */
export async function loadWithTrust(options: LoadConfigOptions): Promise<Start> {
  const config = await loadConfig(options);
  const contents = contentsOf(config, options.cwd);
  const loads = linesOf(contents);
  if (loads.length === 0) return { config };
  const { askTrust } = await import('../ui/index.js');
  const answer = await askTrust({
    question: {
      folder: config.workspaceRoot,
      changed: config.trusted,
      loads,
    },
    ...(holdsHome(config.workspaceRoot) ? { twice: 'It holds your home folder!' } : {}),
    environment: options.environment,
  });
  if (answer.choice === 'quit') return { left: answer };
  if (answer.choice === 'restricted') return { config };
  await trustFolder(config.workspaceRoot, config.paths, contents.items, { force: true });
  return { config: await loadConfig(options) };
}
