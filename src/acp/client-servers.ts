import type { McpServer } from '@agentclientprotocol/sdk';
import { isServerName, type McpServerSetting } from '../config/mcp-settings.js';
import { Refusal } from './refusal.js';

const MOST_SERVERS = 50;
const LONGEST_NAME = 32;

/** The MCP servers that an editor names, under names that their tools can have. */
export function clientServers(servers: readonly McpServer[]): Readonly<Record<string, McpServerSetting>> {
  if (servers.length > MOST_SERVERS)
    throw new Refusal('params', `A session can have at most ${MOST_SERVERS} MCP servers.`);
  const named: Record<string, McpServerSetting> = {};
  for (const server of servers) named[freeName(server.name, named)] = settingOf(server);
  return named;
}

function settingOf(server: McpServer): McpServerSetting {
  if ('command' in server) {
    const { command, args, env } = server;
    return { command, args, env: Object.fromEntries(env.map(({ name, value }) => [name, value])) };
  }
  if (server.type === 'http') {
    const headers = server.headers.map(({ name, value }) => [name, value]);
    return { type: 'http', url: server.url, headers: Object.fromEntries(headers) };
  }
  throw new Refusal(
    'params',
    `The MCP server ${server.name} cannot be reached over ${server.type}.`,
    'Name it as a program, or over http.',
  );
}

/** A name may hold anything; in the name of a tool there are letters, digits and single signs between them. */
function freeName(name: string, taken: Readonly<Record<string, unknown>>): string {
  const plain = name.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  const base = plain.slice(0, LONGEST_NAME - 3).replace(/-$/, '') || 'server';
  let free = isServerName(name) ? name : base;
  for (let number = 2; Object.hasOwn(taken, free); number += 1) free = `${base}-${number}`;
  return free;
}
