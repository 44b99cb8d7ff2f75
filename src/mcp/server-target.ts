import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import type { McpServerSetting, ProgramServer, RemoteServer } from '../config/mcp-settings.js';
import { ToolServerError } from '../core/errors.js';
import { childEnvironment } from '../tools/child-environment.js';
import { findProgram } from '../tools/find-program.js';
import { oneLine } from './one-line.js';

export interface ProgramPlace {
  readonly name: string;
  /** What a program gets its environment from. */
  readonly environment: NodeJS.ProcessEnv;
  /** The folder Victor works in, absolute. */
  readonly workspace: string;
  /** A program runs there unless its definition says otherwise; in the home folder when absent. */
  readonly folder?: string | undefined;
}

/** The program that a definition names, as it is started. Throws `ToolServerError` where `PATH` has none of that name. */
export function processOf(
  { name, environment, workspace, folder: usual }: ProgramPlace,
  { command, args = [], env = {}, cwd }: ProgramServer,
) {
  const folder = cwd ?? usual ?? environment.HOME ?? homedir();
  const isPath = isAbsolute(command) || command.includes('/');
  const program = isPath ? resolve(folder, command) : findProgram(command, environment.PATH, workspace);
  if (program === undefined) {
    throw new ToolServerError(
      name,
      `The MCP server ${name} was not started: there is no program ${command} on PATH.`,
      {
        advice: `Install it, or name another one: victor mcp remove ${name}, then victor mcp add.`,
      },
    );
  }
  return { program, args, cwd: folder, environment: { ...childEnvironment(environment), ...env } };
}

/** Where a server is reached. What is told of it is as it is `written`. Throws `ToolServerError` for what is no address. */
export function addressOf(name: string, { url }: RemoteServer, written: McpServerSetting): URL {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url);
  const address = 'url' in written ? oneLine(written.url) : '';
  throw new ToolServerError(name, `The address of the MCP server ${name} is none: ${address}.`, {
    advice: 'Write one that begins with https:// or http://.',
  });
}
