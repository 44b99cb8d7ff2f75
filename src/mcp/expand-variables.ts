import type { McpLoginClient, McpServerSetting } from '../config/mcp-settings.js';
import { ToolServerError } from '../core/errors.js';
import { variableOrDefault } from '../core/variable-reference.js';

/**
 * A definition with the values of the environment variables that it names. Throws `ToolServerError` for one that is not set,
 * and for one of `withheld`: a key of a model's provider or what the user's own servers get, which a project has no use for.
 */
export function withEnvironment(
  name: string,
  server: McpServerSetting,
  environment: NodeJS.ProcessEnv,
  withheld: ReadonlySet<string>,
): McpServerSetting {
  const expand = (text: string) =>
    text.replace(variableOrDefault, (_, variable: string, otherwise: string | undefined) => {
      if (withheld.has(variable)) throw withheldError(name, variable);
      const value = environment[variable] || otherwise;
      if (value === undefined) throw missing(name, variable);
      return value;
    });
  const all = (texts: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, expand(text)]));
  return 'command' in server
    ? {
        ...server,
        command: expand(server.command),
        args: (server.args ?? []).map(expand),
        env: all(server.env),
      }
    : {
        ...server,
        url: expand(server.url),
        headers: all(server.headers),
        ...(server.oauth ? { oauth: withClient(server.oauth, expand) } : {}),
      };
}

function withClient(client: McpLoginClient, expand: (text: string) => string): McpLoginClient {
  const { clientId, clientSecret } = client;
  return {
    ...client,
    clientId: expand(clientId),
    ...(clientSecret === undefined ? {} : { clientSecret: expand(clientSecret) }),
  };
}

function missing(name: string, variable: string): ToolServerError {
  return new ToolServerError(
    name,
    `The MCP server ${name} needs the environment variable ${variable}, which is not set.`,
    {
      advice: `Set it, or write \${${variable}:-something} in the definition.`,
    },
  );
}

function withheldError(name: string, variable: string): ToolServerError {
  return new ToolServerError(
    name,
    `The MCP server ${name} of this project asks for ${variable}, which is for a provider of models or a server of yours.`,
    { advice: 'Define the server in your own settings if it may have that: victor mcp add.' },
  );
}
