import type { Prompt } from '@modelcontextprotocol/sdk/types.js';
import type { ServerDefinition } from '../config/mcp-definitions.js';
import { errorData, ToolServerError } from '../core/errors.js';
import type { ServerLogins } from '../core/server-logins.js';
import type { Tool, ToolContext, ToolResult } from '../core/tool.js';
import type { ToolApprovals } from '../core/tool-approvals.js';
import type { AskForLogin, ServerStatus } from '../core/tool-servers.js';
import { untilAborted } from '../core/until-aborted.js';
import { Backoff } from './backoff.js';
import { callTool } from './call-tool.js';
import { type Connection, connect, START_TIMEOUT_MS } from './connection.js';
import { errorText } from './error-text.js';
import { withEnvironment } from './expand-variables.js';
import { hashOf } from './hash-of.js';
import { LoginAt } from './login/log-in-at.js';
import { PacedNotices } from './paced-notices.js';
import { Refresher } from './refresher.js';
import { changedError, goneError, notRunningError, unusableError } from './server-failures.js';
import { listPrompts, listTools } from './server-lists.js';
import { ToolList } from './tool-list.js';
import { within } from './within.js';

export interface ServerOptions {
  readonly definition: ServerDefinition;
  /** What variables in the definition stand for. */
  readonly environment: NodeJS.ProcessEnv;
  /** What a program gets its environment from. */
  readonly inherited: NodeJS.ProcessEnv;
  readonly workspace: string;
  readonly trusted: boolean;
  readonly approved: ToolApprovals;
  readonly logins: ServerLogins;
  readonly onChange: () => void;
  readonly onNotice: (text: string) => void;
  /** Milliseconds that greeting it and its lists may take together. */
  readonly startTimeoutMs?: number;
}

/** One MCP server: started, asked what it has, called, and started again when it is needed and has ended. */
export class Server {
  readonly #options: ServerOptions;
  #definition: ServerDefinition;
  readonly #tools: ToolList;
  readonly #backoff = new Backoff();
  readonly #closing = new AbortController();
  readonly #login: LoginAt;
  readonly #notices: PacedNotices;
  readonly #toolsRefresh = new Refresher(() => this.#refresh((...one) => this.#takeTools(...one)));
  readonly #promptsRefresh = new Refresher(() => this.#refresh((...one) => this.#takePrompts(...one)));
  #prompts: readonly Prompt[] = [];
  #hasResources = false;
  #starting: Promise<Connection> | undefined;
  #connection: Connection | undefined;
  #problem: string | undefined;
  #advice: string | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#definition = options.definition;
    this.#notices = new PacedNotices(options.onNotice);
    this.#login = new LoginAt(options);
    const { name, server } = options.definition;
    this.#tools = new ToolList({
      ...{ server: name, hash: hashOf([name, server]) },
      ...{ approved: options.approved, onNotice: options.onNotice },
      call: (tool, input, context) => this.#call(tool, input, context),
    });
  }

  get name(): string {
    return this.#definition.name;
  }

  get tools(): readonly Tool[] {
    return this.#tools.tools;
  }

  get prompts(): readonly Prompt[] {
    return this.#prompts;
  }

  get status(): ServerStatus {
    const { server } = this.#definition;
    const state = this.#connection
      ? 'ready'
      : this.#starting
        ? 'starting'
        : this.#problem
          ? 'failed'
          : 'waiting';
    return {
      name: this.name,
      transport: 'command' in server ? 'stdio' : 'http',
      state,
      tools: this.#tools.shown,
      prompts: this.#prompts.map(({ name }) => `${this.name}:${name}`),
      resources: this.#hasResources,
      ...(this.#problem === undefined || this.#connection ? {} : { problem: this.#problem }),
      ...(this.#advice === undefined || this.#connection ? {} : { advice: this.#advice }),
    };
  }

  /** The running server, started where it does not run. Rejects with a `ToolServerError`. */
  async connection(): Promise<Connection> {
    if (this.#connection) return this.#connection;
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /** Whether this is the same server as a definition of its name says: then that holds from its next start on. */
  takes(definition: ServerDefinition, confirmed: boolean): boolean {
    const { isStillConfirmed } = this.#definition;
    if (identityOf(definition) !== identityOf(this.#definition)) return false;
    // What the user has not confirmed anew stays what they confirmed before.
    this.#definition = confirmed ? definition : { ...definition, isStillConfirmed };
    // What it failed with may be just what the user has confirmed now.
    if (confirmed) this.#backoff.succeeded();
    return true;
  }

  /** Approves the tools as they are now. Throws `ToolServerError` while it does not run. */
  approve(): readonly string[] {
    if (!this.#connection) throw notRunningError(this.name);
    const changed = this.#tools.approve();
    this.#options.onChange();
    return changed;
  }

  /** A login, and then a start with it. `false` where it wants none. Rejects with a `ToolServerError`. */
  async logIn(ask: AskForLogin, signal: AbortSignal): Promise<boolean> {
    const isLoggedIn = await this.#login.logIn(this.#definition, ask, signal);
    if (isLoggedIn) await this.#disconnect();
    this.#backoff.succeeded();
    await untilAborted(this.connection(), signal);
    return isLoggedIn;
  }

  /** Answers whether there was a login. Throws `ToolServerError` for a program. */
  async logOut(): Promise<boolean> {
    const was = this.#login.logOut(this.#definition);
    if (was) await this.#disconnect();
    return was;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#login.end(goneError(this.name));
    await this.#disconnect();
  }

  async #disconnect(): Promise<void> {
    this.#stopRefreshing();
    await this.#starting?.catch(() => {});
    await this.#connection?.close();
    this.#connection = undefined;
  }

  async #start(): Promise<Connection> {
    const { startTimeoutMs = START_TIMEOUT_MS } = this.#options;
    if (this.#closing.signal.aborted) throw goneError(this.name);
    this.#backoff.check(this.name, this.#problem);
    let gone: string | undefined;
    const onClose = (problem: string) => {
      gone = problem;
      this.#lost(problem);
    };
    try {
      if (!this.#definition.isStillConfirmed()) throw changedError(this.name);
      const connection = await within(startTimeoutMs, this.#closing.signal, (signal) =>
        this.#greet(signal, onClose),
      );
      if (gone !== undefined) throw new Error(gone);
      this.#connection = connection;
      this.#hasResources = connection.client.getServerCapabilities()?.resources !== undefined;
      this.#problem = undefined;
      this.#advice = undefined;
      this.#backoff.succeeded();
      this.#options.onChange();
      return connection;
    } catch (error) {
      this.#backoff.failed();
      const failure = error instanceof ToolServerError ? error : unusableError(this.name, gone, error);
      const { message, advice } = errorData(failure);
      this.#problem = message;
      this.#advice = advice;
      throw failure;
    }
  }

  async #greet(signal: AbortSignal, onClose: (problem: string) => void): Promise<Connection> {
    const { environment, inherited, workspace, trusted, logins } = this.#options;
    const { server, withheld, file, folder, literal } = this.#definition;
    const connection = await connect({
      ...{ name: this.name, environment: inherited, workspace, signal, onClose, logins },
      server: literal ? server : withEnvironment(this.name, server, environment, withheld),
      written: server,
      // What the user types runs where they are; what their settings name must not meet what a workspace brings.
      folder: folder ?? (file === undefined && trusted ? workspace : undefined),
      onToolsChanged: () => this.#connection && this.#toolsRefresh.request(),
      onPromptsChanged: () => this.#connection && this.#promptsRefresh.request(),
    });
    try {
      await this.#takeTools(connection, signal);
    } catch (error) {
      await connection.close();
      throw error;
    }
    // Without its prompts a server is still of use.
    await this.#takePrompts(connection, signal).catch(() => {});
    return connection;
  }

  async #takeTools(connection: Connection, signal: AbortSignal): Promise<void> {
    this.#tools.take(await listTools(connection, signal));
  }

  async #takePrompts(connection: Connection, signal: AbortSignal): Promise<void> {
    this.#prompts = await listPrompts(connection, signal);
  }

  /** What a running server says has changed. */
  async #refresh(take: (connection: Connection, signal: AbortSignal) => Promise<void>): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    try {
      await within(START_TIMEOUT_MS, this.#closing.signal, (signal) => take(connection, signal));
      this.#options.onChange();
    } catch (error) {
      if (!this.#connection) return;
      const said = errorText(error);
      this.#notices.say('refresh', `The MCP server ${this.name} does not say what has changed: ${said}`);
    }
  }

  #stopRefreshing(): void {
    this.#toolsRefresh.stop();
    this.#promptsRefresh.stop();
  }

  #lost(problem: string): void {
    if (!this.#connection) return;
    this.#connection = undefined;
    this.#stopRefreshing();
    this.#advice = undefined;
    this.#problem = `The MCP server ${this.name} ${problem}.`;
    this.#options.onNotice(`${this.#problem} It is started again when one of its tools is called.`);
    this.#options.onChange();
  }

  async #call(
    tool: string,
    input: Readonly<Record<string, unknown>>,
    context: ToolContext,
  ): Promise<ToolResult> {
    const refused = this.#connection && this.#tools.refusal(tool);
    if (refused) return { content: refused, isError: true, summary: 'not called' };
    let connection: Connection;
    try {
      connection = await untilAborted(this.connection(), context.signal);
    } catch (error) {
      if (context.signal.aborted) throw error;
      const { message } = errorData(error);
      return {
        content: `${message} Go on without it, or ask the user to look: victor mcp test ${this.name}.`,
        isError: true,
        summary: 'no server',
      };
    }
    // It may have been started just now, and be another one.
    const changed = this.#tools.refusal(tool);
    if (changed) return { content: changed, isError: true, summary: 'not called' };
    const { server } = this.#definition;
    return callTool({
      ...{ connection, tool, input, context, timeoutMs: server.timeoutMs, isRemote: !('command' in server) },
      server: this.name,
      problem: () => this.#problem,
    });
  }
}

function identityOf({ server, file, folder }: ServerDefinition): string {
  return JSON.stringify([server, file, folder]);
}
