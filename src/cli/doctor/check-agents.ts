import type { LoadedConfig } from '../../config/load.js';
import { nearest } from '../../config/nearest.js';
import { agentTypes } from '../../session-tools.js';
import type { Check } from './check.js';

/** How many kinds of subagents files define, and what is wrong in those files. `tools` are the names of the session's. */
export async function checkAgents(config: LoadedConfig, tools: readonly string[]): Promise<readonly Check[]> {
  const { environment, settings } = config;
  if (!settings.subagents) return [];
  const { types, problems, remarks } = await agentTypes(config, { environment });
  const defined = types.filter(({ file }) => file !== undefined);
  if (defined.length + problems.length === 0) return [];
  const name = 'agents';
  const unknown = tools.length === 0 ? [] : defined.flatMap((type) => unknownTools(type, tools));
  return [
    { name, status: 'ok', detail: `defined in files: ${defined.length}` },
    ...[...problems, ...remarks, ...unknown].map((detail): Check => ({ name, status: 'info', detail })),
  ];
}

function unknownTools(
  { file, tools: named = [] }: { readonly file?: string; readonly tools?: readonly string[] },
  tools: readonly string[],
): string[] {
  // What an MCP server has is known only once it has started.
  const unknown = named.filter((one) => !tools.includes(one) && !one.startsWith('mcp__'));
  if (unknown.length === 0) return [];
  const meant = unknown.flatMap((one) => nearest(one, tools) ?? []);
  const advice =
    meant.length > 0 ? ` Did you mean ${meant.join(', ')}?` : ' victor tools lists those that there are.';
  const none = unknown.length === named.length ? ', so that it can use none at all' : '';
  return [`${file}: there is no tool ${unknown.join(', ')}${none}.${advice}`];
}
