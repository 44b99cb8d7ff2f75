import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { McpServerSetting } from '../config/mcp-settings.js';
import { messageOf } from '../core/describe-failure.js';
import { ToolServerError } from '../core/errors.js';
import type { ServerLogins } from '../core/server-logins.js';
import { modelText } from '../tools/model-text.js';
import { Allowance, sentTooMuch } from './allowance.js';
import { loginNeededError, wantsLogin } from './login/login-needed.js';
import { keptLogin } from './login/login-provider.js';
import { hasOwnLogin, serverFetch } from './login/server-fetch.js';
import { MOST_CHARACTERS, oneLine } from './one-line.js';
import { withOwnSignal } from './own-signal.js';
import { addressOf, processOf } from './server-target.js';
import { StdioTransport } from './stdio-transport.js';

export type Sdk = typeof import('./sdk.js');

export interface ConnectionOptions {
  readonly name: string;
  /** With the values of its variables. */
  readonly server: McpServerSetting;
  /** As it is written: what is told of it holds no value of a variable. */
  readonly written: McpServerSetting;
  readonly logins: ServerLogins;
  /** What a program gets its environment from. */
  readonly environment: NodeJS.ProcessEnv;
  /** The folder Victor works in, absolute; a program is told of it. */
  readonly workspace: string;
  /** A program runs there unless its definition says otherwise; in the home folder when absent. */
  readonly folder?: string | undefined;
  /** Aborted when its time to start is over. */
  readonly signal: AbortSignal;
  readonly onToolsChanged: () => void;
  readonly onPromptsChanged: () => void;
  /** The connection is gone, and why, to stand behind the server's name. */
  readonly onClose: (problem: string) => void;
}

/** A server that has answered. */
export interface Connection {
  readonly client: Client;
  readonly sdk: Sdk;
  close(): Promise<void>;
}

/** How long a server may take to answer at all; a program may have to be downloaded first. */
export const START_TIMEOUT_MS = 60_000;

/** Starts a server, or reaches it, and greets it. Rejects with a `ToolServerError`, and then nothing is left running. */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { name, signal } = options;
  const sdk = await import('./sdk.js');
  const client = clientOf(options, sdk);
  const transport = transportOf(options, sdk, () => void client.close().catch(() => {}));
  const program = transport instanceof StdioTransport ? transport : undefined;
  try {
    // The signal ends it first.
    await withOwnSignal(signal, (own) =>
      client.connect(transport, { signal: own, timeout: 2 * START_TIMEOUT_MS }),
    );
  } catch (error) {
    // One that was given up on was closed for that, which is no reason.
    const problem = isTimeout(error, sdk)
      ? late
      : (program?.problem ?? `did not start: ${oneLine(messageOf(error))}`);
    await transport.close().catch(() => {});
    if (wantsLogin(error, sdk)) throw loginNeededError(name, options.server, error);
    throw failure(name, `The MCP server ${name} ${problem}.`, program, error);
  }
  let flooded = false;
  if (!program) {
    limitMessages(transport, () => {
      flooded = true;
      void client.close().catch(() => {});
    });
  }
  client.onclose = () => {
    const problem = program?.problem ?? (flooded ? sentTooMuch : 'closed the connection');
    options.onClose(`${problem}${saidBy(program)}`);
  };
  return {
    client,
    sdk,
    async close() {
      client.onclose = () => {};
      await client.close().catch(() => {});
    },
  };
}

function clientOf(
  { server, workspace, onToolsChanged, onPromptsChanged }: ConnectionOptions,
  sdk: Sdk,
): Client {
  const isLocal = 'command' in server;
  const version = process.env.VICTOR_VERSION ?? 'unbuilt';
  const client = new sdk.Client(
    { name: 'victor', version },
    {
      capabilities: isLocal ? { roots: {} } : {},
      // Schemas of a server are passed on, and never compiled to code here.
      jsonSchemaValidator: {
        getValidator: () => (data) => ({ valid: true, data: data as never, errorMessage: undefined }),
      },
    },
  );
  // A server elsewhere need not know what folders are called here.
  if (isLocal) {
    const root = { uri: pathToFileURL(workspace).href, name: basename(workspace) };
    client.setRequestHandler(sdk.ListRootsRequestSchema, () => ({ roots: [root] }));
  }
  client.setNotificationHandler(sdk.ToolListChangedNotificationSchema, onToolsChanged);
  client.setNotificationHandler(sdk.PromptListChangedNotificationSchema, onPromptsChanged);
  return client;
}

function transportOf(options: ConnectionOptions, sdk: Sdk, onBroken: () => void): Transport {
  const { name, server, written, logins } = options;
  if ('command' in server) return new StdioTransport(processOf(options, server));
  const address = addressOf(name, server, written);
  const { headers = {}, url } = server;
  const send = serverFetch(address, headers, onBroken);
  const isLoggedIn = !hasOwnLogin(headers) && logins.of(name, url) !== undefined;
  const login = isLoggedIn ? keptLogin({ server: name, address: url, logins }, send) : undefined;
  return new sdk.StreamableHTTPClientTransport(address, {
    fetch: login?.fetch ?? send,
    ...(login ? { authProvider: login.provider } : {}),
  }) as Transport;
}

/** Of a server elsewhere the bytes are counted where they come in, and its messages here. */
function limitMessages(transport: Transport, onTooMany: () => void): void {
  const allowance = new Allowance();
  const { onmessage } = transport;
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    allowance.sent(message);
    return send(message, options);
  };
  transport.onmessage = (message, extra) => {
    if (allowance.received(message)) onmessage?.(message, extra);
    else onTooMany();
  };
}

const late = `did not answer within ${START_TIMEOUT_MS / 1000} s`;

function isTimeout(error: unknown, sdk: Sdk): boolean {
  return error instanceof sdk.McpError && error.code === sdk.ErrorCode.RequestTimeout;
}

function failure(
  name: string,
  message: string,
  program: StdioTransport | undefined,
  cause: unknown,
): ToolServerError {
  const said = saidBy(program);
  return new ToolServerError(name, said === '' ? message : `${message.slice(0, -1)}${said}.`, {
    advice: `victor mcp test ${name} tries it again and shows what it says.`,
    cause,
  });
}

/** Lines at most, and characters of each, that stand for what a server wrote on standard error. */
const MOST_LINES = 3;

function saidBy(program: StdioTransport | undefined): string {
  const lines = modelText(program?.lastWords ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(-MOST_LINES)
    .map((line) => line.slice(0, MOST_CHARACTERS));
  return lines.length === 0 ? '' : `; it said: ${lines.join(' / ')}`;
}
