import { knownKeys } from '../../config/problems.js';
import { settingsSchema } from '../../config/schema.js';
import { presets } from '../../providers/presets.js';
import { builtInSelectionStrategies } from '../../selection/index.js';
import type { CommandLine } from '../command-line.js';
import { configuredServers } from '../mcp/configured-servers.js';
import type { Candidate, Wanted } from './candidates.js';
import { modelCandidates } from './model-candidates.js';
import { settingValues } from './setting-values.js';

type Configured = Exclude<Wanted, 'files' | 'directories' | 'sessions'>;

interface Words {
  /** What stands there so far. */
  readonly current: string;
  readonly before: string | undefined;
}

/** Names that settings hold here, or may. Of a folder that is not trusted only those of servers that wait for it. */
export async function configuredCandidates(
  wanted: Configured,
  { current, before = '' }: Words,
  cli: CommandLine,
): Promise<readonly Candidate[]> {
  switch (wanted) {
    case 'settings':
      return plain(knownKeys(settingsSchema));
    case 'setting-values':
      return before === 'model' ? modelCandidates(current, cli) : plain(settingValues(before));
    case 'models':
      return modelCandidates(current, cli);
    case 'strategies':
      return plain(Object.keys(builtInSelectionStrategies));
    case 'providers':
      return Object.entries(presets).map(([value, { baseURL }]) => ({ value, description: baseURL }));
  }
  const { config, servers, waiting } = await configuredServers({}, cli);
  if (wanted === 'servers') return plain([...servers, ...waiting].map(({ name }) => name));
  return Object.entries(config.settings.workflows).map(([value, { description = '' }]) => ({
    value,
    description,
  }));
}

function plain(values: readonly string[]): Candidate[] {
  return values.map((value) => ({ value, description: '' }));
}
