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

export interface LoginAtOptions {
  /** What variables in definitions stand for. */
  readonly environment: NodeJS.ProcessEnv;
  readonly logins: ServerLogins;
  /** How long somebody may take to log in. */
  readonly longestLoginMs?: number;
}

const LONGEST_LOGIN_MS = 10 * 60_000;

/** Logins at one server, of which one at a time is waited for. */
export class LoginAt {
  readonly #with: LoginAtOptions;
  #waiting = new AbortController();

  constructor(options: LoginAtOptions) {
    this.#with = options;
  }

  /**
   * A login at the server of a definition; `false` where it wants none. Rejects with a `ToolServerError`, also where another
   * one or a logout ends it or nobody logs in, or an `AbortedError` once the signal is aborted.
   */
  async logIn(definition: ServerDefinition, ask: AskForLogin, signal: AbortSignal): Promise<boolean> {
    const { environment, logins, longestLoginMs = LONGEST_LOGIN_MS } = this.#with;
    const { name } = definition;
    const server = remoteOf(definition, environment);
    const { url: address, headers = {}, oauth: client } = server;
    if (!definition.isStillConfirmed()) throw changedError(name);
    addressOf(name, server, definition.server);
    if (hasOwnLogin(headers)) throw ownLoginError(name);
    this.end(replacedError(name));
    this.#waiting = new AbortController();
    const { signal: ended } = this.#waiting;
    const late = AbortSignal.timeout(longestLoginMs);
    const either = AbortSignal.any([signal, ended, late]);
    try {
      return await logIn({ server: name, address, headers, client, ask, signal: either, logins });
    } catch (error) {
      if (ended.aborted) throw ended.reason;
      if (signal.aborted) throw new AbortedError();
      if (late.aborted) throw lateError(name);
      throw new ToolServerError(
        name,
        `You are not logged in at the MCP server ${name}: ${errorText(error)}`,
        { advice: `victor mcp login ${name} tries it again.`, cause: error },
      );
    }
  }

  /** Answers whether there was a login. Throws `ToolServerError` for a program. */
  logOut(definition: ServerDefinition): boolean {
    const { environment, logins } = this.#with;
    const { url } = remoteOf(definition, environment);
    this.end(replacedError(definition.name));
    return logins.forget(definition.name, url);
  }

  /** From now on nobody waits for the answer to a login: it rejects with this. */
  end(reason: ToolServerError): void {
    this.#waiting.abort(reason);
  }
}

function ownLoginError(name: string): ToolServerError {
  return new ToolServerError(name, `The MCP server ${name} gets an Authorization header of its definition.`, {
    advice: 'Leave that out where you would rather log in.',
  });
}

function replacedError(name: string): ToolServerError {
  return new ToolServerError(name, `The login at ${name} was given up for another login or a logout.`);
}

function lateError(name: string): ToolServerError {
  return new ToolServerError(name, `Nobody logged in at the MCP server ${name} in time.`, {
    advice: `victor mcp login ${name} asks again, and in a chat /mcp login ${name}.`,
  });
}

function remoteOf(definition: ServerDefinition, environment: NodeJS.ProcessEnv): RemoteServer {
  const { name, server: written, literal, withheld } = definition;
  const server = literal ? written : withEnvironment(name, written, environment, withheld);
  if (!('command' in server)) return server;
  throw new ToolServerError(name, `The MCP server ${name} is a program, and logs nobody in.`, {
    advice: 'Give it what it needs to know as variables: victor mcp add NAME --env KEY=VALUE -- COMMAND.',
  });
}
