import type { ProviderAccess } from '../providers/choose-provider.js';
import { readKeyFile } from './key-file.js';
import { baseDirectoryOf, type LoadedConfig } from './load.js';

/** What the configured provider needs besides its settings. A key goes to a host that a workspace chose only where the user named it. */
export async function providerAccess(config: LoadedConfig): Promise<ProviderAccess> {
  const { apiKeyFile, credentialHosts } = config.settings;
  const fromWorkspace = ['provider', 'baseURL'].some((key) => config.origins[key]?.layer === 'project');
  return {
    apiKey: apiKeyFile === undefined ? undefined : await readKeyFile(apiKeyFile),
    credentialHosts: fromWorkspace ? credentialHosts : undefined,
    baseDirectory: baseDirectoryOf(config, 'provider'),
  };
}
