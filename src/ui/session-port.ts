import type { RuleRow } from '../config/rule-rows.js';
import type { SettingRow } from '../config/setting-rows.js';
import type { ContextReport } from '../context-report.js';
import type { BackgroundTasks } from '../core/background-tasks.js';
import type { SpendingReport } from '../core/budget.js';
import type {
  AnalyticsCoordinator,
  Compaction,
  CompactionPreview,
  ContextCoordinator,
  CurrentProvider,
  MetricsCoordinator,
  Mode,
  ModeCoordinator,
  ProviderCoordinator,
  SessionCoordinator,
  ToolCoordinator,
  Uncompaction,
  WorkflowCoordinator,
  WorkflowRunOptions,
} from '../core/coordinator.js';
import type { Approval, Decision } from '../core/decision.js';
import type { RecordedDecision } from '../core/decision-record.js';
import type { ErrorData } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';
import type { ExtensionFailure } from '../core/extension.js';
import type { Hooks } from '../core/hook.js';
import type { ToolCall } from '../core/message.js';
import type { SessionChanges } from '../core/session-changes.js';
import type { SessionHolder, SessionStore } from '../core/store.js';
import type { ToolServers } from '../core/tool-servers.js';

/** A tool call that waits for the user. */
export interface ApprovalRequest {
  readonly call: ToolCall;
  readonly title: string;
  readonly decision: Decision;
  /** How long a yes may hold. */
  readonly scopes?: readonly Approval['scope'][];
  /** What a yes for longer than once will cover, in words. */
  readonly covers?: { readonly session?: string; readonly project?: string };
  /** Calls of the same message that would be asked about next for the same reason; a yes for once may be for them `together`. */
  readonly behind?: readonly ToolCall[];
  readonly sessionId: string;
  /** Aborted when the answer no longer matters. */
  readonly signal: AbortSignal;
  /** Somebody is there: called for each key while the question is open. */
  readonly onKey?: () => void;
  /** Closes the question. Only on one that the screen itself asks, so that no turn waits for it. */
  readonly takeBack?: () => void;
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
    readonly analytics: Pick<AnalyticsCoordinator, 'getSessionAnalytics'>;
    readonly context: Pick<ContextCoordinator, 'getContext'>;
    readonly metrics: Pick<MetricsCoordinator, 'snapshot'>;
    readonly mode: Pick<ModeCoordinator, 'current'>;
    readonly provider: Pick<ProviderCoordinator, 'current' | 'cost'>;
    readonly session: Pick<SessionCoordinator, 'list'>;
    readonly tool: Pick<ToolCoordinator, 'list'>;
    readonly workflow: Pick<WorkflowCoordinator, 'list'>;
  };
  /** MCP servers; absent where none is named. */
  readonly toolServers?:
    | Pick<ToolServers, 'approve' | 'list' | 'logIn' | 'logOut' | 'prompts' | 'resources' | 'start'>
    | undefined;
  /** What runs beside the sessions; absent where nothing can. */
  readonly backgroundTasks?: Pick<BackgroundTasks, 'list' | 'stop'> | undefined;
  /** The user's programs that have a say; absent where none is named. */
  readonly hooks?: Pick<Hooks, 'list'> | undefined;
  /** The settings files, with what of them waits for the user; absent where the settings came from a program. */
  readonly configuration?:
    | {
        readonly unconfirmed: readonly {
          readonly key: string;
          readonly value: string;
          readonly file: string;
        }[];
      }
    | undefined;
  /** What the session changed, and how to take it back. */
  readonly changes: SessionChanges;
  /** Runs one turn. What happens is read from `subscribe`; this stream is only driven to its end. */
  stream(
    text: string,
    options: { sessionId: string; signal: AbortSignal; mentions: string },
  ): AsyncIterable<VictorEvent>;
  /** Runs a command of the user's own, and keeps it with its output in the conversation. It comes as a message event. */
  runCommand(command: string, options: { sessionId: string; signal: AbortSignal }): Promise<void>;
  /** Runs a workflow, or goes on with one; this stream is only driven to its end, too. */
  runWorkflow(name: string, input: string, options: WorkflowRunOptions): AsyncIterable<VictorEvent>;
  compact(sessionId: string, focus?: string): Promise<Compaction>;
  /** What that would do; nothing is changed. */
  previewCompaction(sessionId: string, focus?: string): Promise<CompactionPreview>;
  /** Brings the messages before the last compaction back, or says why not. */
  uncompact(sessionId: string): Promise<Uncompaction>;
  switchProvider(name: string, sessionId: string): Promise<CurrentProvider>;
  setMode(mode: Mode, sessionId: string): void;
  resetSession(sessionId: string): Promise<boolean>;
  /** What fills the model's window in a session. */
  contextReport(sessionId: string): Promise<ContextReport>;
  /** What the coordinators decided in a session, from what and why, in order. */
  decisions(sessionId: string): Promise<readonly RecordedDecision[]>;
  /** The permission rules that hold in a session, strongest first, and where each comes from. */
  permissionRules(sessionId: string): readonly RuleRow[];
  /** What the user allowed for the session. */
  sessionApprovals(sessionId: string): readonly { readonly tool: string; readonly what: string }[];
  /** The settings that hold in a session, and where each comes from. */
  settingRows(sessionId: string): readonly SettingRow[];
  /** Applies what was saved in the settings files; with `confirm` also what waits for the user. Changes are told as events. */
  reload(options: { readonly confirm?: boolean; readonly sessionId: string }): Promise<{
    readonly changes: readonly unknown[];
    readonly waiting: readonly unknown[];
    readonly error?: ErrorData;
  }>;
  /** What the session, today and the project have cost, and how far the budgets are used. */
  spending(sessionId: string): Promise<SpendingReport>;
  /** What today has cost in every process; `undefined` where that is not stored. */
  spentToday(): Promise<
    | {
        /** When the day ends, in milliseconds since 1970. */
        readonly until: number;
        readonly spentUsd: number;
        readonly unpricedCalls: number;
      }
    | undefined
  >;
  /** Every event, of a turn or not, in order. Answers the way to stop. */
  subscribe(listener: (event: VictorEvent) => void): () => void;
  /** Opens or resumes a session without running a turn. */
  openSession(sessionId: string): Promise<void>;
  /** Takes a session for this process, or answers who has it. */
  holdSession(sessionId: string): Promise<SessionHolder | undefined>;
  releaseSession(sessionId: string): Promise<void>;
  /** The id of a copy; `undefined` for a session that nothing is stored of. */
  forkSession(sessionId: string): Promise<string | undefined>;
  readonly store: {
    readonly sessions: Pick<
      SessionStore,
      'getSession' | 'readTail' | 'renameSession' | 'searchMessages' | 'tagSession'
    >;
  };
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
