import type { LoadedConfig } from './config/load.js';
import type { Attachment } from './core/attachment.js';
import { ToolServerError } from './core/errors.js';
import type { Tool } from './core/tool.js';
import type {
  AskForLogin,
  ServerPrompts,
  ServerResources,
  ServerStatus,
  ToolServers,
} from './core/tool-servers.js';
import type { Defined, McpServers } from './mcp/index.js';

export interface NamedServersOptions {
  /** What servers are made of, loaded with the first one. */
  readonly make: () => Promise<McpServers>;
  readonly namedBy: (config: LoadedConfig) => Omit<Defined, 'confirmed'>;
}

/** The servers that the settings name now: none at first perhaps, and others once the settings are. */
export class NamedServers implements ToolServers {
  onChange?: () => void;
  onNotice?: (text: string) => void;
  readonly prompts: ServerPrompts = {
    list: () => this.#servers?.prompts.list() ?? [],
    text: async (name, given, signal) => this.#known(name).prompts.text(name, given, signal),
  };
  readonly resources: ServerResources = {
    servers: () => this.#servers?.resources.servers() ?? [],
    list: async (server, signal) => this.#known(server).resources.list(server, signal),
    isOne: (name) => this.#servers?.resources.isOne(name) ?? false,
    read: async (name, signal): Promise<Attachment> => this.#known(name).resources.read(name, signal),
  };
  readonly #with: NamedServersOptions;
  #servers: McpServers | undefined;
  #started = false;
  #closed = false;

  constructor(options: NamedServersOptions) {
    this.#with = options;
  }

  /** Those of these settings from now on. `confirmed`: what a project names is what the user confirms with this. */
  async redefine(config: LoadedConfig, { confirmed }: Pick<Defined, 'confirmed'>): Promise<void> {
    const named = this.#with.namedBy(config);
    if (named.definitions.length === 0 && !this.#servers) return;
    this.#servers ??= await this.#make();
    if (!this.#closed) this.#servers.define({ ...named, confirmed });
  }

  start(): void {
    this.#started = true;
    this.#servers?.start();
  }

  async ready(signal: AbortSignal): Promise<void> {
    this.#started = true;
    await this.#servers?.ready(signal);
  }

  tools(): readonly Tool[] {
    return this.#servers?.tools() ?? [];
  }

  list(): readonly ServerStatus[] {
    return this.#servers?.list() ?? [];
  }

  approve(server: string): readonly string[] {
    return this.#known(server).approve(server);
  }

  async logIn(server: string, ask: AskForLogin, signal: AbortSignal): Promise<boolean> {
    return this.#known(server).logIn(server, ask, signal);
  }

  async logOut(server: string): Promise<boolean> {
    return this.#known(server).logOut(server);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#servers?.close();
  }

  async #make(): Promise<McpServers> {
    const servers = await this.#with.make();
    servers.onChange = () => this.onChange?.();
    servers.onNotice = (text) => this.onNotice?.(text);
    if (this.#started) servers.start();
    return servers;
  }

  #known(name: string): McpServers {
    if (this.#servers) return this.#servers;
    throw new ToolServerError(name, `There is no MCP server ${name} here.`, {
      advice: 'victor mcp add names one.',
    });
  }
}
