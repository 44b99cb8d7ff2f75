import type { Tool as ListedTool, Prompt } from '@modelcontextprotocol/sdk/types.js';
import type { Connection } from './connection.js';
import { listAll } from './list-all.js';
import { withOwnSignal } from './own-signal.js';

/** How long a server may keep others waiting for the names of its prompts, or of what it has to read. */
const NAMES_TIMEOUT_MS = 5_000;

/** Every tool that a server has now, up to a bound; none where it says that it has none. */
export async function listTools(
  { client, sdk }: Connection,
  signal: AbortSignal,
): Promise<readonly ListedTool[]> {
  if (!client.getServerCapabilities()?.tools) return [];
  return listAll<ListedTool>(async (cursor) => {
    const params = cursor === undefined ? {} : { cursor };
    const request = { method: 'tools/list', params } as const;
    const page = await withOwnSignal(signal, (own) =>
      client.request(request, sdk.ListToolsResultSchema, { signal: own }),
    );
    return { items: page.tools, next: page.nextCursor };
  });
}

/** Every prompt likewise. */
export async function listPrompts(
  { client, sdk }: Connection,
  signal: AbortSignal,
): Promise<readonly Prompt[]> {
  if (!client.getServerCapabilities()?.prompts) return [];
  const timeout = NAMES_TIMEOUT_MS;
  return listAll<Prompt>(async (cursor) => {
    const params = cursor === undefined ? {} : { cursor };
    const request = { method: 'prompts/list', params } as const;
    const page = await withOwnSignal(signal, (own) =>
      client.request(request, sdk.ListPromptsResultSchema, { signal: own, timeout }),
    );
    return { items: page.prompts, next: page.nextCursor };
  });
}

/** The addresses of what a server has to read. */
export async function listResources(
  { client, sdk }: Connection,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!client.getServerCapabilities()?.resources) return [];
  const timeout = NAMES_TIMEOUT_MS;
  return listAll<string>(async (cursor) => {
    const params = cursor === undefined ? {} : { cursor };
    const request = { method: 'resources/list', params } as const;
    const page = await withOwnSignal(signal, (own) =>
      client.request(request, sdk.ListResourcesResultSchema, { signal: own, timeout }),
    );
    return { items: page.resources.map(({ uri }) => uri), next: page.nextCursor };
  });
}
