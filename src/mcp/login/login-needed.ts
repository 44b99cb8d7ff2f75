import type { McpServerSetting } from '../../config/mcp-settings.js';
import { ToolServerError } from '../../core/errors.js';
import { hasOwnLogin } from './server-fetch.js';

/** A server wants the user to log in, and nobody was asked to. */
export class LoginNeeded extends Error {}

/** Whether a server turned down what it was sent because of who sent it. */
export function wantsLogin(error: unknown, sdk: typeof import('../sdk.js')): boolean {
  return (
    error instanceof LoginNeeded ||
    error instanceof sdk.UnauthorizedError ||
    // What the login server says of a login that it does not take any more.
    error instanceof sdk.OAuthError ||
    (error instanceof sdk.StreamableHTTPError && error.code === 401)
  );
}

export function loginNeededError(name: string, server: McpServerSetting, cause: unknown): ToolServerError {
  if ('headers' in server && hasOwnLogin(server.headers ?? {})) {
    return new ToolServerError(name, `The MCP server ${name} does not take its Authorization header.`, {
      advice: `Correct what its definition says there; or leave it out, and log in: victor mcp login ${name}.`,
      cause,
    });
  }
  return new ToolServerError(name, `The MCP server ${name} wants you to log in.`, {
    advice: `victor mcp login ${name} does that, and in a chat /mcp login ${name}.`,
    cause,
  });
}
