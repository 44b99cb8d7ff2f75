import { knownKeys } from '../../config/problems.js';
import { settingsSchema } from '../../config/schema.js';
import { presets } from '../../providers/presets.js';
import type { CommandLine } from '../command-line.js';
import { configuredServers } from '../mcp/configured-servers.js';
import type { Candidate } from './candidates.js';

type Configured = 'servers' | 'workflows' | 'settings' | 'providers';

/** Names that settings hold here, or may. Of a folder that is not trusted only those of servers that wait for it. */
export async function configuredCandidates(
  wanted: Configured,
  cli: CommandLine,
): Promise<readonly Candidate[]> {
  if (wanted === 'settings') return knownKeys(settingsSchema).map((value) => ({ value, description: '' }));
  if (wanted === 'providers') {
    return Object.entries(presets).map(([value, { baseURL }]) => ({ value, description: baseURL }));
  }
  const { config, servers, waiting } = await configuredServers({}, cli);
  if (wanted === 'servers') {
    return [...servers, ...waiting].map(({ name }) => ({ value: name, description: '' }));
  }
  return Object.entries(config.settings.workflows).map(([value, { description = '' }]) => ({
    value,
    description,
  }));
}
