import { accessSync, constants, statSync } from 'node:fs';
import type { ServerDefinition } from '../config/mcp-definitions.js';
import { ToolServerError } from '../core/errors.js';
import { withEnvironment } from './expand-variables.js';
import { oneLine } from './one-line.js';
import { changedError } from './server-failures.js';
import { addressOf, processOf } from './server-target.js';

export interface LookOptions {
  /** The folder Victor works in, absolute. */
  readonly workspace: string;
  readonly trusted: boolean;
  /** What variables in the definition stand for. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * What a definition would start or reach, in a few words, without doing it. Throws `ToolServerError` for what would fail
 * before it begins: a variable that is not set, a program that is not there, an address that is none.
 */
export function lookAtServer(definition: ServerDefinition, options: LookOptions): string {
  const { name, server: written, withheld, file, folder: own, literal } = definition;
  const { workspace, trusted, environment } = options;
  const server = literal ? written : withEnvironment(name, written, environment, withheld);
  if (!definition.isStillConfirmed()) throw changedError(name);
  if (!('command' in server)) {
    addressOf(name, server, written);
    return `over HTTP, ${oneLine('url' in written ? written.url : '')}`;
  }
  const folder = own ?? (file === undefined && trusted ? workspace : undefined);
  const { program } = processOf({ name, environment, workspace, folder }, server);
  if (!isProgram(program)) {
    throw new ToolServerError(
      name,
      `The program of the MCP server ${name} is not there: ${oneLine(program)}.`,
      {
        advice: `Install it, or name another one: victor mcp remove ${name}, then victor mcp add.`,
      },
    );
  }
  return oneLine(program);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
