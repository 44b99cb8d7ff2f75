import type { LoadedConfig } from '../config/load.js';
import { serverDefinitions } from '../config/mcp-definitions.js';
import { errorData } from '../core/errors.js';

/** One line for each MCP server that could not be started on this machine; the settings may be sound all the same. */
export async function serverNotices(config: LoadedConfig, cwd: string): Promise<string[]> {
  const definitions = serverDefinitions(config);
  if (definitions.length === 0) return [];
  const { lookAtServer } = await import('../mcp/index.js');
  const { environment, trusted } = config;
  return definitions.flatMap((definition) => {
    try {
      lookAtServer(definition, { workspace: cwd, trusted, environment });
      return [];
    } catch (error) {
      const { message, advice = '' } = errorData(error);
      return [`${message} ${advice}`.trim()];
    }
  });
}
