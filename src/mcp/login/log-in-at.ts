import type { ServerDefinition } from '../../config/mcp-definitions.js';
import type { RemoteServer } from '../../config/mcp-settings.js';
import { AbortedError, ToolServerError } from '../../core/errors.js';
import type { ServerLogins } from '../../core/server-logins.js';
import type { AskForLogin } from '../../core/tool-servers.js';
import { errorText } from '../error-text.js';
import { withEnvironment } from '../expand-variables.js';
import { changedError } from '../server-failures.js';
import { addressOf } from '../server-target.js';
import { logIn } from './log-in.js';
import { hasOwnLogin } from './server-fetch.js';

export interface LoginAt {
  /** What variables in the definition stand for. */
  readonly environment: NodeJS.ProcessEnv;
  readonly logins: ServerLogins;
}

/** A login at the server of a definition; `false` where it wants none. Rejects with a `ToolServerError` or an `AbortedError`. */
export async function logInAt(
  definition: ServerDefinition,
  { environment, logins, ask, signal }: LoginAt & { readonly ask: AskForLogin; readonly signal: AbortSignal },
): Promise<boolean> {
  const { name } = definition;
  const server = remoteOf(definition, environment);
  const { url: address, headers = {}, oauth: client } = server;
  if (!definition.isStillConfirmed()) throw changedError(name);
  addressOf(name, server, definition.server);
  if (hasOwnLogin(headers)) {
    throw new ToolServerError(
      name,
      `The MCP server ${name} gets an Authorization header of its definition.`,
      {
        advice: 'Leave that out where you would rather log in.',
      },
    );
  }
  try {
    return await logIn({ server: name, address, headers, client, ask, signal, logins });
  } catch (error) {
    if (signal.aborted) throw new AbortedError();
    throw new ToolServerError(name, `You are not logged in at the MCP server ${name}: ${errorText(error)}`, {
      advice: `victor mcp login ${name} tries it again.`,
      cause: error,
    });
  }
}

/** Answers whether there was a login. Throws `ToolServerError` for a program. */
export function logOutAt(definition: ServerDefinition, { environment, logins }: LoginAt): boolean {
  return logins.forget(definition.name, remoteOf(definition, environment).url);
}

function remoteOf(definition: ServerDefinition, environment: NodeJS.ProcessEnv): RemoteServer {
  const { name, server: written, literal, withheld } = definition;
  const server = literal ? written : withEnvironment(name, written, environment, withheld);
  if (!('command' in server)) return server;
  throw new ToolServerError(name, `The MCP server ${name} is a program, and logs nobody in.`, {
    advice: 'Give it what it needs to know as variables: victor mcp add NAME --env KEY=VALUE -- COMMAND.',
  });
}
