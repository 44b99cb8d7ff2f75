import type { SettingRow } from '../config/setting-rows.js';
import type {
  CheckpointCoordinator,
  Compaction,
  ContextCoordinator,
  CurrentProvider,
  MetricsCoordinator,
  Mode,
  ModeCoordinator,
  ProviderCoordinator,
  SessionCoordinator,
  ToolCoordinator,
} from '../core/coordinator.js';
import type { Approval, Decision } from '../core/decision.js';
import type { ErrorData } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';
import type { ExtensionFailure } from '../core/extension.js';
import type { ToolCall } from '../core/message.js';

/** A tool call that waits for the user. */
export interface ApprovalRequest {
  readonly call: ToolCall;
  readonly title: string;
  readonly decision: Decision;
  readonly sessionId: string;
  /** Aborted when the answer no longer matters. */
  readonly signal: AbortSignal;
}

/** A model server that runs on this machine. */
export interface LocalServer {
  /** For example `Ollama`. */
  readonly name: string;
  /** What `/model` takes, for example `ollama/llama3`. */
  readonly models: readonly string[];
}

/** What the screen needs of an orchestrator; `AgentOrchestrator` has these members. */
export interface SessionPort {
  readonly sessionId: string;
  /** Extensions that did not load; the notices say so already, the footer names them. */
  readonly extensionFailures?: readonly ExtensionFailure[];
  readonly coordinators: {
    readonly context: Pick<ContextCoordinator, 'getContext'>;
    readonly checkpoint: Pick<CheckpointCoordinator, 'list' | 'restore'>;
    readonly metrics: Pick<MetricsCoordinator, 'snapshot'>;
    readonly mode: Pick<ModeCoordinator, 'current'>;
    readonly provider: Pick<ProviderCoordinator, 'current'>;
    readonly session: Pick<SessionCoordinator, 'list'>;
    readonly tool: Pick<ToolCoordinator, 'list'>;
  };
  /** Runs one turn. What happens is read from `subscribe`; this stream is only driven to its end. */
  stream(text: string, options: { sessionId: string; signal: AbortSignal }): AsyncIterable<VictorEvent>;
  compact(sessionId: string): Promise<Compaction>;
  switchProvider(name: string, sessionId: string): Promise<CurrentProvider>;
  setMode(mode: Mode, sessionId: string): void;
  resetSession(sessionId: string): Promise<boolean>;
  /** The settings that hold in a session, and where each comes from. */
  settingRows(sessionId: string): readonly SettingRow[];
  /** Applies what was saved in the settings files; with `confirm` also what waits for the user. Changes are told as events. */
  reload(options: { readonly confirm?: boolean; readonly sessionId: string }): Promise<{
    readonly changes: readonly unknown[];
    readonly waiting: readonly unknown[];
    readonly error?: ErrorData;
  }>;
  /** Every event, of a turn or not, in order. Answers the way to stop. */
  subscribe(listener: (event: VictorEvent) => void): () => void;
  /** Opens or resumes a session without running a turn. */
  openSession(sessionId: string): Promise<void>;
}

/** Where the orchestrator puts its questions and the screen finds them. */
export interface ApprovalQueue {
  /** Give this to the orchestrator as `onApproval`. Without a screen the question waits for one. */
  request(request: ApprovalRequest): Promise<Approval>;
  /** The oldest question without an answer. */
  current(): ApprovalRequest | undefined;
  readonly waiting: number;
  answer(request: ApprovalRequest, approval: Approval): void;
  /** Called on every change. Answers the way to stop. */
  subscribe(listener: () => void): () => void;
}
