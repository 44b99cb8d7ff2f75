import type { Attachment } from './attachment.js';
import type { Tool } from './tool.js';

/** `failed`: it did not start, or it ended. The next call of one of its tools tries again. */
export type ServerState = 'waiting' | 'starting' | 'ready' | 'failed';

export interface ServerTool {
  /** As the model and the rules call it. */
  readonly name: string;
  readonly description: string;
  /** It is not what the user approved, and is not called until they approve it. */
  readonly changed: boolean;
  /** Of one that changed: all that it says of itself now, for the user to approve; a schema, where one can be published. */
  readonly now?: { readonly description: string; readonly inputSchema?: unknown };
}

export interface ServerStatus {
  readonly name: string;
  readonly transport: 'stdio' | 'http';
  readonly state: ServerState;
  readonly tools: readonly ServerTool[];
  /** As the chat calls them: `server:prompt`. */
  readonly prompts: readonly string[];
  /** It has resources, which `@server:uri` names. */
  readonly resources: boolean;
  /** Why it failed, in one line. */
  readonly problem?: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** A message that a server has ready, as a command of the chat. */
export interface ServerPrompt {
  /** `server:prompt`. */
  readonly name: string;
  readonly description: string;
  readonly arguments: readonly { readonly name: string; readonly required: boolean }[];
}

export interface ServerPrompts {
  list(): readonly ServerPrompt[];
  /** Its text, with these arguments. Rejects with a `ToolServerError`. */
  text(name: string, given: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string>;
}

export interface ServerResources {
  /** Servers that run and say that they have some. */
  servers(): readonly string[];
  /** What one of them has, `server:uri` each, up to a bound. Rejects with a `ToolServerError`. */
  list(server: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Whether `server:uri` begins with the name of a server. */
  isOne(name: string): boolean;
  /** Reads one. Rejects with a `ToolServerError`. */
  read(name: string, signal: AbortSignal): Promise<Attachment>;
}

/**
 * Sends the user to an address where they log in. `ended` takes the address that a browser on another machine ended on;
 * `false` where that is no answer to this login.
 */
export type AskForLogin = (address: string, ended: (address: string) => boolean) => void;

/** Programs beside Victor that bring tools, and bring them late. */
export interface ToolServers {
  /** Their tools are others than before. */
  onChange?: () => void;
  /** One line for the user. */
  onNotice?: (text: string) => void;
  readonly prompts: ServerPrompts;
  readonly resources: ServerResources;
  /** Starts them behind everything else; once. */
  start(): void;
  /** Starts them, and waits until all have answered or failed, for so long as a first turn may wait for them; later at once. */
  ready(signal: AbortSignal): Promise<void>;
  /** Tools that were there once stay, so that the list a provider has cached only grows. */
  tools(): readonly Tool[];
  list(): readonly ServerStatus[];
  /** What the tools of a server are now is what the user approves; the names of those that changed. */
  approve(server: string): readonly string[];
  /**
   * Leads the user through a login at a server, and starts it. `false` where it wants none. Rejects with a `ToolServerError`,
   * or an `AbortedError` once the signal is aborted.
   */
  logIn(server: string, ask: AskForLogin, signal: AbortSignal): Promise<boolean>;
  /** Forgets the login at a server, and ends what runs with it. Answers whether there was one. */
  logOut(server: string): Promise<boolean>;
  /** Ends them. */
  close(): Promise<void>;
}
