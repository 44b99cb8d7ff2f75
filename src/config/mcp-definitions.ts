import { dirname } from 'node:path';
import { variableOrDefault } from '../core/variable-reference.js';
import { presets } from '../providers/presets.js';
import { isPassedVariable } from '../tools/passed-variables.js';
import type { LoadedConfig } from './load.js';
import type { McpServerSetting } from './mcp-settings.js';
import { secretVariables } from './secret-variables.js';
import { serverCode } from './server-code.js';

/** One MCP server as the settings define it. */
export interface ServerDefinition {
  readonly name: string;
  readonly server: McpServerSetting;
  /** The file that names it, absolute. */
  readonly file?: string;
  /** The folder that a program of a project is started in unless its definition says otherwise, absolute. */
  readonly folder?: string;
  /** Its texts stand for themselves: no variable is put in. */
  readonly literal?: true;
  /** Variables that it gets no value of. */
  readonly withheld: ReadonlySet<string>;
  /** Whether what it names in a project is what the user confirmed, now. Always so for the user's own. */
  isStillConfirmed(): boolean;
}

/** The servers that may be started here: what a project names and nobody confirmed is not among them. */
export function serverDefinitions({
  settings,
  origins,
  layers,
}: Pick<LoadedConfig, 'settings' | 'origins' | 'layers'>): readonly ServerDefinition[] {
  const own = layers.find(({ name }) => name === 'user')?.settings.mcpServers ?? {};
  // What holds keys of models, or what the user gives their own servers, is for no server of a project.
  const usual = Object.values(presets).flatMap(({ apiKeyVariable }) => apiKeyVariable ?? []);
  const keys = new Set([...usual, ...secretVariables({ ...settings, mcpServers: {} }), ...variablesOf(own)]);
  return Object.entries(settings.mcpServers).map(([name, server]) => {
    const { layer, file } = origins[`mcpServers.${name}`] ?? {};
    const withheld: ReadonlySet<string> = layer === 'project' ? keys : new Set();
    const isTheirs = layer === 'project' && file !== undefined;
    return {
      ...{ name, server, withheld },
      ...(file === undefined ? {} : { file }),
      ...(isTheirs ? { folder: dirname(file) } : {}),
      isStillConfirmed: isTheirs ? sameCode(server, dirname(file)) : () => true,
    };
  });
}

/** The variables that servers name, but for those that say where things are, which every program gets. */
function variablesOf(servers: Readonly<Record<string, McpServerSetting>>): readonly string[] {
  const texts = Object.values(servers).flatMap((server) =>
    'command' in server
      ? [server.command, ...(server.args ?? []), ...Object.values(server.env ?? {})]
      : [server.url, ...Object.values(server.headers ?? {}), server.oauth?.clientSecret ?? ''],
  );
  const named = texts.flatMap((text) => [...text.matchAll(variableOrDefault)].map(([, name]) => name!));
  return named.filter((name) => !isPassedVariable(name));
}

/** Whether the files that a definition names are those of now. What is too large to tell may be started once. */
function sameCode(server: McpServerSetting, folder: string): () => boolean {
  const now = () => serverCode(server, folder)?.join();
  const confirmed = now();
  let asked = 0;
  return () => {
    asked += 1;
    return confirmed === undefined ? asked === 1 : now() === confirmed;
  };
}
