import type { ConfigProvider } from '../core/extension.js';
import { createEnvironmentConfigProvider } from './env.js';
import { createHttpConfigProvider } from './http.js';
import { createPostgresConfigProvider } from './postgres.js';

/** The config providers that come with Victor, by the name a configuration uses. Each checks its own options. */
export function builtInConfigProviders(
  environment: NodeJS.ProcessEnv,
): Readonly<Record<string, (options: unknown) => ConfigProvider>> {
  return {
    env: (options) => createEnvironmentConfigProvider(options, environment),
    http: (options) => createHttpConfigProvider(options, environment),
    postgres: (options) => createPostgresConfigProvider(options, environment),
  };
}
