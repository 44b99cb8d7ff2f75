import type { LoadedConfig } from '../../config/load.js';
import { serverDefinitions } from '../../config/mcp-definitions.js';
import type { ServerStatus } from '../../core/tool-servers.js';
import { type Check, look } from './check.js';

const prefix = 'mcpServers.';

/** Every MCP server that is named here: whether it could be started. None is. */
export async function checkServers(config: LoadedConfig, cwd: string): Promise<Check[]> {
  const waiting = config.unconfirmed.filter(({ key }) => key.startsWith(prefix));
  const unconfirmed = waiting.map(({ key, file }): Check => {
    const detail = `named by ${file}, and not started, because you have not confirmed it. victor trust shows and confirms it.`;
    return { name: nameOf(key.slice(prefix.length)), status: 'info', detail };
  });
  const definitions = serverDefinitions(config);
  if (definitions.length === 0) return unconfirmed;
  const { lookAtServer } = await import('../../mcp/index.js');
  const { environment, trusted } = config;
  const seen = definitions.map((definition) =>
    look(nameOf(definition.name), () => {
      const what = lookAtServer(definition, { workspace: cwd, trusted, environment });
      return `${what}; not started now, victor mcp test ${definition.name} does it`;
    }),
  );
  return [...(await Promise.all(seen)), ...unconfirmed];
}

/** The servers of a process that runs: how they are. */
export function checkRunningServers(servers: readonly ServerStatus[]): Check[] {
  return servers.flatMap(({ name, state, problem, advice, tools }): Check[] => {
    if (state === 'failed') {
      const detail = [problem ?? 'it failed', advice].filter(Boolean).join(' ');
      return [{ name: nameOf(name), status: 'failed', detail }];
    }
    if (state !== 'ready') return [{ name: nameOf(name), status: 'info', detail: 'not started yet' }];
    const changed = tools.filter((tool) => tool.changed);
    const ready: Check = { name: nameOf(name), status: 'ok', detail: `answers, with ${tools.length} tools` };
    if (changed.length === 0) return [ready];
    const names = changed.map((tool) => tool.name).join(', ');
    const detail = `not as you approved them, so not called: ${names}. /mcp shows them, /mcp approve ${name} takes them.`;
    return [ready, { name: nameOf(name), status: 'failed', detail }];
  });
}

function nameOf(server: string): string {
  return `MCP server ${server}`;
}
