import type { ServerDefinition } from '../config/mcp-definitions.js';
import { errorData, ToolServerError } from '../core/errors.js';
import { holdSecrets } from '../core/held-secrets.js';
import type { ServerLogins } from '../core/server-logins.js';
import type { Tool } from '../core/tool.js';
import type { ToolApprovals } from '../core/tool-approvals.js';
import type { AskForLogin, ServerStatus, ToolServers } from '../core/tool-servers.js';
import { ServerPrompts } from './prompts.js';
import { ServerResources } from './resources.js';
import { Server } from './server.js';

export interface McpServersOptions {
  /** The folder Victor works in, absolute. */
  readonly cwd: string;
  /** What variables in definitions stand for. */
  readonly environment: NodeJS.ProcessEnv;
  readonly approved: ToolApprovals;
  readonly logins: ServerLogins;
  /** Milliseconds that a first turn waits for servers to start. */
  readonly waitMs: number;
}

/** The servers that there are from now on, and what they run under. */
export interface Defined {
  readonly definitions: readonly ServerDefinition[];
  /** Programs run in the folder that Victor works in, unless they are told otherwise. */
  readonly trusted: boolean;
  /** What programs get their environment from. */
  readonly inherited: NodeJS.ProcessEnv;
  /** What a project names is what the user confirms with this. */
  readonly confirmed: boolean;
}

/** The MCP servers of one process. */
export class McpServers implements ToolServers {
  onChange?: () => void;
  onNotice?: (text: string) => void;
  readonly prompts: ServerPrompts;
  readonly resources: ServerResources;
  readonly #with: McpServersOptions;
  #servers: readonly Server[] = [];
  #started: Promise<void> | undefined;
  #waited: Promise<void> | undefined;
  /** Those that were taken out, until they have ended. */
  readonly #ending = new Set<Promise<void>>();

  constructor(options: McpServersOptions) {
    this.#with = options;
    this.prompts = new ServerPrompts(() => this.#servers);
    this.resources = new ServerResources(() => this.#servers);
  }

  /** What stays as it is goes on, what is new or changed is started where the others are, and what is gone ends. */
  define({ definitions, confirmed, ...shared }: Defined): void {
    const before = new Map(this.#servers.map((server) => [server.name, server]));
    const waiting: string[] = [];
    const now = definitions.flatMap((definition): Server[] => {
      const known = before.get(definition.name);
      if (known?.takes(definition, confirmed)) return [known];
      // Somebody else may have written it since this process looked at it first.
      if (confirmed || definition.folder === undefined) return [this.#server(definition, shared)];
      waiting.push(definition.name);
      return [];
    });
    const fresh = now.filter((server) => before.get(server.name) !== server);
    const gone = this.#servers.filter((server) => !now.includes(server));
    this.#servers = now;
    for (const server of gone) this.#end(server);
    if (waiting.length > 0)
      this.onNotice?.(`Not started until you confirm it with /reload: the MCP server ${waiting.join(', ')}.`);
    if (this.#started && fresh.length > 0) {
      this.#started = this.#startAll(fresh);
      this.#waited = undefined;
    }
    if (fresh.length + gone.length > 0) this.onChange?.();
  }

  start(): void {
    this.#started ??= this.#startAll(this.#servers);
  }

  async ready(signal: AbortSignal): Promise<void> {
    this.start();
    this.#waited ??= this.#wait(signal);
    await this.#waited;
  }

  tools(): readonly Tool[] {
    return this.#servers.flatMap((server) => server.tools);
  }

  list(): readonly ServerStatus[] {
    return this.#servers.map((server) => server.status);
  }

  approve(name: string): readonly string[] {
    return this.#known(name).approve();
  }

  async logIn(name: string, ask: AskForLogin, signal: AbortSignal): Promise<boolean> {
    return this.#known(name).logIn(ask, signal);
  }

  async logOut(name: string): Promise<boolean> {
    return this.#known(name).logOut();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.map((server) => server.close()), ...this.#ending]);
  }

  #known(name: string): Server {
    const server = this.#servers.find((one) => one.name === name);
    if (server) return server;
    const names = this.#servers.map((one) => one.name).join(', ');
    throw new ToolServerError(name, `There is no MCP server ${name} here.`, {
      advice: `There are: ${names}.`,
    });
  }

  #server(definition: ServerDefinition, shared: Pick<Defined, 'trusted' | 'inherited'>): Server {
    const { cwd, environment, approved, logins } = this.#with;
    holdSecrets(secretsOf(definition));
    return new Server({
      ...{ ...shared, environment, approved, logins, definition, workspace: cwd },
      onChange: () => this.onChange?.(),
      onNotice: (text) => this.onNotice?.(text),
    });
  }

  #end(server: Server): void {
    const ending = server.close().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  async #startAll(servers: readonly Server[]): Promise<void> {
    await Promise.all(servers.map((server) => this.#startOne(server)));
  }

  async #startOne(server: Server): Promise<void> {
    try {
      await server.connection();
    } catch (error) {
      const { message, advice = '' } = errorData(error);
      this.onNotice?.(`${message} ${advice}`.trim());
    }
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const waiting = () => this.list().flatMap(({ name, state }) => (state === 'starting' ? [name] : []));
    let timer: NodeJS.Timeout | undefined;
    let stop = () => {};
    const time = new Promise<void>((resolve) => {
      stop = resolve;
      timer = setTimeout(resolve, this.#with.waitMs);
      signal.addEventListener('abort', stop, { once: true });
    });
    await Promise.race([this.#started, time]);
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    const late = waiting();
    if (late.length > 0 && !signal.aborted)
      this.onNotice?.(
        `Not waited for any longer: ${late.join(', ')}. What an MCP server brings can be used from the turn after its start.`,
      );
  }
}

/** What a definition holds of secrets: they stand in no result and no log. */
function secretsOf({ server }: ServerDefinition): string[] {
  const named =
    'command' in server
      ? (server.env ?? {})
      : { ...server.headers, secret: server.oauth?.clientSecret ?? '' };
  return Object.entries(named)
    .filter(
      ([name, value]) =>
        /key|token|secret|password|authorization|credential/i.test(name) && !value.includes(`\${`),
    )
    .map(([, value]) => value.replace(/^Bearer /i, ''));
}
