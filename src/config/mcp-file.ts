import { join } from 'node:path';
import { isServerName, loginClient, type McpServerSetting, mcpServer } from './mcp-settings.js';
import { isPlainObject } from './plain.js';
import { readRegularFile } from './read-regular-file.js';
import type { PartialSettings } from './schema.js';

/** The file in which projects name MCP servers for any agent. */
export const mcpFileName = '.mcp.json';

const MAX_BYTES = 256 * 1024;

export interface McpFile {
  readonly file: string;
  readonly settings: Pick<PartialSettings, 'mcpServers'>;
  /** One line each: what of it cannot be used. */
  readonly notices: readonly string[];
}

/**
 * The servers that the nearest `.mcp.json` of these folders names; `undefined` where there is none. It was written for
 * other agents too, so what is not understood is told and left out, and never keeps Victor from starting.
 */
export function readMcpFile(directories: readonly string[], within: string): McpFile | undefined {
  for (const directory of directories) {
    const file = join(directory, mcpFileName);
    const read = readRegularFile(file, { maxBytes: MAX_BYTES, within });
    if (!read.ok && read.missing) continue;
    if (!read.ok) return unusable(file, `${read.reason}. ${read.advice}`);
    try {
      return serversIn(file, JSON.parse(read.text.replace(/^\uFEFF/, '')));
    } catch {
      return unusable(file, 'is not JSON. Correct it, or remove it.');
    }
  }
  return undefined;
}

function unusable(file: string, why: string): McpFile {
  return { file, settings: {}, notices: [`${file} is not read: it ${why}`] };
}

function serversIn(file: string, content: unknown): McpFile {
  const given = isPlainObject(content) ? content.mcpServers : undefined;
  if (!isPlainObject(given)) return unusable(file, 'has no object mcpServers. Correct it, or remove it.');
  const notices: string[] = [];
  const servers: Record<string, McpServerSetting> = {};
  for (const [name, one] of Object.entries(given)) {
    const server = isServerName(name) ? serverOf(one) : undefined;
    if (server) servers[name] = server;
    else notices.push(`${file}: ${JSON.stringify(name)} is left out: ${whyNot(name, one)}`);
  }
  return { file, settings: { mcpServers: servers }, notices };
}

/** What other agents write besides is passed over. */
function serverOf(given: unknown): McpServerSetting | undefined {
  if (!isPlainObject(given)) return undefined;
  const { command, args, env, cwd, url, headers, oauth } = given;
  const type = typeOf(given);
  const one =
    type === 'http'
      ? { type, url, ...defined({ headers, oauth: clientOf(oauth) }) }
      : { command, ...defined({ args, env, cwd }) };
  const result = type === undefined ? undefined : mcpServer.safeParse(one);
  return result?.success ? result.data : undefined;
}

function clientOf(given: unknown) {
  if (!isPlainObject(given)) return undefined;
  const { clientId, clientSecret, callbackPort } = given;
  return loginClient.safeParse(defined({ clientId, clientSecret, callbackPort })).data;
}

function typeOf({ type, url }: Record<string, unknown>): 'stdio' | 'http' | undefined {
  if (type === 'http' || type === 'streamable-http') return 'http';
  if (type === 'stdio') return 'stdio';
  if (type !== undefined) return undefined;
  return url === undefined ? 'stdio' : 'http';
}

function defined(all: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function whyNot(name: string, given: unknown): string {
  if (!isServerName(name)) return 'its name must be letters and digits with single - or _ between them.';
  const type = isPlainObject(given) ? given.type : undefined;
  if (type === 'sse') return 'the transport sse was replaced by http; name the address for that.';
  return 'expected { command, args, env } for a program, or { type: "http", url, headers } for an address.';
}
