import * as z from 'zod';
import { count, text } from './setting-types.js';

/** How a server may be called: a part of the names of its tools, in which two underscores part what is whose. */
export const serverName = /^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$/;
const LONGEST_NAME = 32;

const variables = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string());
const timeoutMs = count
  .optional()
  .describe('Milliseconds that a call of a tool may take without a sign of progress; 120,000 when absent');

const process = z.strictObject({
  type: z.literal('stdio').optional().describe('A program, spoken to by its standard input and output'),
  command: text.describe('The program to run'),
  args: z.array(z.string()).optional().describe(`Its arguments; \${NAME} stands for an environment variable`),
  env: variables.optional().describe('Environment variables for it, besides those every command gets'),
  cwd: text.optional().describe('The folder it runs in'),
  timeoutMs,
});

/** What the user registered Victor as, at a server that registers nobody by itself. */
export const loginClient = z.strictObject({
  clientId: text.describe('What Victor is called there'),
  clientSecret: text.optional().describe(`With \${NAME}, where it got one`),
  callbackPort: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe('The port of 127.0.0.1 that it registered; a free one when absent'),
});

const remote = z.strictObject({
  type: z.literal('http').describe('A server that is reached over HTTP (streamable)'),
  url: text.describe(`Its address; \${NAME} stands for an environment variable`),
  headers: z
    .record(text, z.string())
    .optional()
    .describe(`Headers of each request, with \${NAME} for secrets`),
  oauth: loginClient
    .optional()
    .describe('For a login at a server that registers nobody by itself: what you registered there'),
  timeoutMs,
});

/** How one MCP server is started or reached. */
export const mcpServer = z.union([process, remote], {
  error: 'expected { command, args, env } for a program, or { type: http, url, headers } for an address',
});

export const mcpServers = z.record(
  z
    .string()
    .max(LONGEST_NAME, `expected a name of at most ${LONGEST_NAME} characters`)
    .regex(serverName, 'expected a name of letters and digits, with single - or _ between them'),
  mcpServer,
);

/** A program that is started here. */
export interface ProgramServer {
  readonly type?: 'stdio' | undefined;
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

/** What the user registered Victor as, at a server that they log in at. */
export interface McpLoginClient {
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly callbackPort?: number | undefined;
}

/** A server that runs elsewhere. */
export interface RemoteServer {
  readonly type: 'http';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly oauth?: McpLoginClient | undefined;
  readonly timeoutMs?: number | undefined;
}

export type McpServerSetting = ProgramServer | RemoteServer;

/** Whether a name may be given to a server. */
export function isServerName(name: string): boolean {
  return name.length <= LONGEST_NAME && serverName.test(name);
}
