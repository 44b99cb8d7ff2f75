import type { PartialSettings, Settings } from '../config/schema.js';
import type { ApprovalRequest } from '../coordinators/permission.js';
import type { ApprovalStore } from '../core/approval-store.js';
import type { Attachment } from '../core/attachment.js';
import type { BackgroundTasks } from '../core/background-tasks.js';
import type { Coordinators } from '../core/coordinator.js';
import type { Approval } from '../core/decision.js';
import type { Hooks } from '../core/hook.js';
import type { Image } from '../core/message.js';
import type { Provider } from '../core/provider.js';
import type { Store } from '../core/store.js';
import type { Tool } from '../core/tool.js';
import type { ToolServers } from '../core/tool-servers.js';
import type { Turn } from '../core/turn.js';
import type { NamedExtension } from '../extensions/extension-loader.js';
import type { LiveSettings } from '../live-settings/live-settings.js';
import type { ProviderAccess } from '../providers/choose-provider.js';
import type { Traffic } from '../recording/traffic.js';
import type { Subagents } from '../subagents/subagents.js';
import type { LoadedExtensions } from '../wiring.js';

export interface OrchestratorOptions {
  readonly settings?: Settings | PartialSettings;
  /** A provider, or the name of a built-in one. Absent: the settings decide. */
  readonly provider?: Provider | string;
  readonly model?: string;
  /** Your own coordinators, in place of the built-in ones. */
  readonly coordinators?: Partial<Coordinators>;
  /** Milliseconds that one call of your own coordinator may take before the built-in one serves; 5,000 to 60,000, by method, when absent. */
  readonly coordinatorTimeoutMs?: number;
  /** Milliseconds that one tool call may take; 900,000 when absent. */
  readonly toolTimeoutMs?: number;
  /** Where sessions live; in memory when absent. */
  readonly store?: Store;
  /** What the model may call; tools that only read when absent. */
  readonly tools?: readonly Tool[];
  /** Programs that bring more tools, and bring them late. They are started with the first turn, and ended by `close`. */
  readonly toolServers?: ToolServers;
  /** What runs the subagents of a `Task` tool among `tools`; they borrow everything from this orchestrator. */
  readonly subagents?: Subagents;
  /** What runs beside the sessions; told of, and ended with the session and by `close`. */
  readonly backgroundTasks?: BackgroundTasks;
  /** Programs that are told what happens, and may have a say in it; `close` tells them that sessions end. */
  readonly hooks?: Hooks;
  /** Absolute path the tools work in; the process's own when absent. */
  readonly cwd?: string;
  /** Absolute path of the project that `maxProjectUsd` is about; `cwd` when absent. */
  readonly project?: string;
  /** Asks the user; without it, a call that would have to ask is refused. */
  readonly onApproval?: (request: ApprovalRequest) => Promise<Approval>;
  /** What is allowed for every session in `cwd`; in memory when absent, for the sessions of this orchestrator. */
  readonly approvals?: ApprovalStore;
  /** Where Victor keeps settings and what the user decided: an edit there asks in every mode. */
  readonly ownDirectories?: readonly string[];
  /** The id `orchestrator.sessionId` has; a fresh one when absent. */
  readonly sessionId?: string;
  /** Turns a config provider's answer into the settings of a session. */
  readonly sessionSettings?: (answer: Readonly<Record<string, unknown>>) => Settings;
  readonly environment?: NodeJS.ProcessEnv;
  readonly outputDirectory?: string;
  readonly providerAccess?: ProviderAccess;
  /** Records or plays the model traffic of the providers that the settings name: see `recordTraffic`. */
  readonly traffic?: Traffic;
  /** Extensions that were loaded from a configuration. */
  readonly extensions?: LoadedExtensions;
  /** The same one by one, with those that did not load: for `health`, and as events of the first session. */
  readonly namedExtensions?: readonly NamedExtension[];
  /** Settings files that `reload` looks at again. */
  readonly liveSettings?: LiveSettings;
  /** Applies what is saved there without being asked: at the next turn, or soon while no turn runs. */
  readonly watch?: boolean;
  /** What the user should read at the start, a line each. */
  readonly notices?: readonly string[];
}

export interface ChatOptions {
  readonly sessionId?: string;
  readonly signal?: AbortSignal;
  /** Goes into the prompt context of this turn. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly images?: readonly Image[];
  /** What goes along behind the text: labelled blocks that the caller has already. */
  readonly attachments?: readonly Attachment[];
  /** What of the text the user typed: files and folders that it mentions with an `@` go along, as far as the session may read them. */
  readonly mentions?: string;
  /**
   * A JSON schema that providers whose dialect has it keep the last message to. Say it in the text too, for all others,
   * and check what comes.
   */
  readonly answerSchema?: Readonly<Record<string, unknown>>;
  /** Lower limits than the settings have, for this turn. */
  readonly limits?: Partial<Pick<Turn, 'maxTurns' | 'maxToolCalls' | 'maxTotalTokens' | 'maxMinutes'>>;
}
