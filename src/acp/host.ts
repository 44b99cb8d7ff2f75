import type { McpServerSetting } from '../config/mcp-settings.js';
import type { Approval } from '../core/decision.js';
import type { PromptCommands } from '../core/prompt-command.js';
import type { SessionStore } from '../core/store.js';
import type { AgentOrchestrator, ApprovalRequest } from '../orchestrator.js';

/** A session that an editor wants to work in. */
export interface OpenRequest {
  /** Absolute. */
  readonly cwd: string;
  /** One that is stored; a new one when absent. */
  readonly sessionId?: string;
  /** The editor's own, beside those of the settings. */
  readonly mcpServers: Readonly<Record<string, McpServerSetting>>;
  /** Absolute. */
  readonly additionalDirectories: readonly string[];
  readonly onApproval: (request: ApprovalRequest) => Promise<Approval>;
}

export interface OpenedSession {
  readonly orchestrator: AgentOrchestrator;
  /** Messages that are ready in files of the user and of the folder. */
  readonly prompts: PromptCommands | undefined;
  /** What the user should read once, a line each. */
  readonly notices: readonly string[];
}

/** What went wrong, in words that may be shown. */
export interface ToldError {
  readonly text: string;
  /** `aborted`: somebody ended it. `key`: whoever is to answer has no key that is taken. `held`: another process has it. */
  readonly kind: 'aborted' | 'key' | 'held' | 'other';
}

/** Takes a text in pieces and answers what of each may be shown. */
export interface Cleaner {
  push(text: string): string;
}

/** What the agent side of ACP needs of the process it runs in. */
export interface AcpHost {
  /** Takes the session for this process. Rejects with what is wrong in the settings of that folder, or who has it. */
  open(request: OpenRequest): Promise<OpenedSession>;
  /** The models that can be chosen, `provider/model` each; nothing is asked over the network. */
  models(orchestrator: AgentOrchestrator, sessionId: string): readonly string[];
  /** Looks at what is stored of all sessions. */
  history<T>(use: (sessions: SessionStore) => Promise<T>): Promise<T>;
  /** The one way for text from outside to the editor; each stream has its own. */
  cleaner(): Cleaner;
  /** What an error of Victor's says. */
  tell(error: unknown): ToldError;
}
