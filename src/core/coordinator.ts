/**
 * The contract page: the fifteen decisions of Victor and who owns each. Anything with these members can
 * stand in for a built-in coordinator. No coordinator knows another except through the one it is given here.
 */
import type { AnalyticsExport, ExportOptions, SessionAnalytics } from './analytics-export.js';
import type { Checkpoint } from './checkpoint.js';
import type { Compaction } from './compaction.js';
import type { Context } from './context.js';
import type { Approval, Decision, Selection } from './decision.js';
import type {
  EvaluationCase,
  EvaluationOptions,
  EvaluationScore,
  SelectionCase,
  SelectionEvaluationOptions,
  SelectionScore,
} from './evaluation.js';
import type { VictorEvent } from './event.js';
import type { PromptContext } from './extension.js';
import type { Message, ToolCall } from './message.js';
import type { MetricsSnapshot } from './metrics.js';
import type { Mode } from './mode.js';
import type { Prompt } from './prompt.js';
import type { FileDiff, RestoreOutcome, RestorePlan, RestoreRequest, RestoreResult } from './restore.js';
import type { CurrentProvider, ProviderCoordinatorEvent, SessionRequest } from './session-request.js';
import type { LogRecord, SessionSummary } from './store.js';
import type { Tool, ToolDefinition, ToolResult, WrittenFile } from './tool.js';
import type { FoundTools, SelectionRequest, ToolRanking } from './tool-ranking.js';
import type { Turn } from './turn.js';
import type { Usage } from './usage.js';

// What they are asked and what they answer, each in a file of its own.
export type {
  AnalyticsExport,
  ExporterOutcome,
  ExportOptions,
  SessionAnalytics,
} from './analytics-export.js';
export type { Compaction, CompactionPreview, Uncompaction } from './compaction.js';
export type {
  EvaluationCase,
  EvaluationOptions,
  EvaluationScore,
  FactKind,
  FactScore,
  SelectionCase,
  SelectionEvaluationOptions,
  SelectionMiss,
  SelectionScore,
} from './evaluation.js';
export type { MetricsSnapshot } from './metrics.js';
export { type Mode, modes } from './mode.js';
export type { Prompt, PromptPart } from './prompt.js';
export type { RestoreResult } from './restore.js';
export type { CurrentProvider, ProviderCoordinatorEvent, SessionRequest } from './session-request.js';
export type { FoundTools, SelectionRequest, ToolRanking } from './tool-ranking.js';
export type { Turn } from './turn.js';
export type {
  AsksModels,
  Configurable,
  ModelOf,
  ReportsExtensionFailures,
  ReportsToolOutput,
} from './wired.js';

/** Which settings hold for a session. */
export interface ConfigCoordinator {
  /** Asks the providers, highest priority first; the first non-empty answer, else `{}`. Cached per session. */
  loadConfig(sessionId: string): Promise<Readonly<Record<string, unknown>>>;
  /** The answer loaded last for this session (without an id: for the session loaded first), else `{}`. */
  getConfig(sessionId?: string): Readonly<Record<string, unknown>>;
  /** Forgets the cached answer of one session, or of all. */
  invalidate(sessionId?: string): void;
}

/** The system prompt. */
export interface PromptCoordinator {
  /** The whole prompt; what is volatile comes last. */
  buildSystemPrompt(context: PromptContext): Promise<string>;
  /** The same in its two parts, which the turn loop prefers. Without it the whole prompt counts as stable. */
  buildPrompt?(context: PromptContext): Promise<Prompt>;
}

/** What the model still sees. Without a session id the methods speak of the session seen first. */
export interface ContextCoordinator {
  getContext(sessionId?: string): Context;
  /** Adds messages at the end. */
  append(messages: readonly Message[], sessionId?: string): void;
  /** Makes this the session's context; without it the session is reset and appended to. */
  replace?(context: Context, sessionId?: string): void;
  /** A smaller, valid context; the live one stays as it is. `sessionId` says whose it is where it was changed since `getContext`. */
  compactContext(context: Context, sessionId?: string): Promise<Context>;
  /** Compacts and applies when the session has outgrown its threshold of `budgetTokens`; `undefined` when nothing had to be done. An abort leaves the context as it was. `withinTurn`: the turn has called the model already, so only what has to be is done. Without `fit` nothing is compacted by itself. */
  fit?(
    sessionId: string,
    budgetTokens: number,
    signal?: AbortSignal,
    withinTurn?: boolean,
  ): Promise<Compaction | undefined>;
  /** Learns from the provider how many tokens the session's present messages are. */
  observe?(tokens: number, sessionId: string): void;
  reset(sessionId?: string): void;
}

/** The turn loop. */
export interface ChatCoordinator {
  /** Runs one turn and tells what happens. Failures end the stream with a `turn-error` and then throw. */
  run(turn: Turn, signal: AbortSignal): AsyncIterable<VictorEvent>;
}

/** What tools exist; runs one call. */
export interface ToolCoordinator {
  /** With an id: those of the session's running turn, which stay the same until it ends. */
  list(sessionId?: string): readonly Tool[];
  definitions(sessionId?: string): readonly ToolDefinition[];
  /** Validates and runs; never throws for what the model can mend. `leadsTo` is what was decided about the call. */
  execute(
    call: ToolCall,
    sessionId: string,
    signal: AbortSignal,
    leadsTo?: Decision['leadsTo'],
  ): Promise<ToolResult>;
  /** What `execute` would answer now, without changing anything; `undefined` where nobody can tell. */
  preview?(
    call: ToolCall,
    sessionId: string,
    signal: AbortSignal,
    leadsTo?: Decision['leadsTo'],
  ): Promise<ToolResult | undefined>;
}

/** Which tools are offered this turn. */
export interface ToolSelectionCoordinator {
  select(request: SelectionRequest): Promise<Selection>;
  /** Every tool with its score, to explain a choice; changes nothing in the session. */
  rank?(request: SelectionRequest): Promise<ToolRanking>;
  /** Whether so many tools are too many to offer them all; the model may then `find` others. */
  leavesOut?(tools: number, sessionId?: string): boolean;
  /** The best tools for a request of the model's own; those that are not offered are from the next `select` on. */
  find?(request: SelectionRequest): Promise<FoundTools>;
}

export interface OpenSession {
  readonly id: string;
  /** There was a log before. */
  readonly resumed: boolean;
  /** The context a resume starts from; empty for a new session. */
  readonly messages: readonly Message[];
  /** Entries of its log that cannot be read any more; absent for none. */
  readonly lost?: number;
}

/** Open, resume, list, reset. */
export interface SessionCoordinator {
  open(id?: string): Promise<OpenSession>;
  /** Appends to the durable log; resolves when it is on disk. */
  record(entry: LogRecord, sessionId: string): Promise<void>;
  list(options?: { readonly idPrefix?: string; readonly limit?: number }): Promise<readonly SessionSummary[]>;
  /** Clears the session's context only; `false` for an unknown id. */
  resetSession(id: string): Promise<boolean>;
  /** The id of a copy that goes on by itself; `undefined` for an unknown id. */
  fork?(id: string): Promise<string | undefined>;
}

/** Who answers: current, switch, retry, fall back. */
export interface ProviderCoordinator {
  current(sessionId?: string): CurrentProvider;
  /** `name` is `provider/model`, a provider's name, or a model of the current provider. */
  switchTo(name: string, sessionId?: string): Promise<CurrentProvider>;
  /**
   * Retries what failed before anything was said. Throws what broke off later, once with everything that was said before.
   */
  stream(request: SessionRequest, signal: AbortSignal): AsyncIterable<ProviderCoordinatorEvent>;
  /** US dollars for this usage on the session's model; `null` when the price is unknown. */
  cost(usage: Usage, sessionId?: string): number | null;
}

/** The one list of modes and what each allows. */
export interface ModeCoordinator {
  current(sessionId?: string): Mode;
  set(mode: Mode, sessionId?: string): void;
  /** What the session's mode says to this kind of tool, or to the plan it hands over, before any rule. */
  allows(tool: Pick<Tool, 'name' | 'kind' | 'plan'>, sessionId?: string): Decision;
}

/** Allow, ask or deny one tool call, and why. */
export interface PermissionCoordinator {
  decide(call: ToolCall, sessionId: string): Promise<Decision>;
  /** Whether a rule keeps a file from being read, for a tool that comes upon it in a folder. Takes an absolute path. */
  hides?(path: string, sessionId: string): boolean;
  /** Whether a rule of the user's allows a host by name, `host` or `host:port`. */
  namesHost?(host: string, sessionId: string): boolean;
  /** Adds a session's own rules; they can only tighten. */
  restrict?(
    rules: { readonly ask: readonly string[]; readonly deny: readonly string[] },
    sessionId: string,
  ): void;
  /**
   * Puts an `ask` to the user; without anybody to ask it is a refusal. `behind`: calls of the same tool that would be asked about
   * next for the same reason, which a yes with `together` covers.
   */
  ask(
    call: ToolCall,
    decision: Decision,
    sessionId: string,
    signal: AbortSignal,
    behind?: readonly ToolCall[],
  ): Promise<Approval>;
}

/** Counts, durations, tokens, money from events. */
export interface MetricsCoordinator {
  record(event: VictorEvent): void;
  /** Of one session, or of all in this process. */
  snapshot(sessionId?: string): MetricsSnapshot;
}

/** Events per session, and their export. */
export interface AnalyticsCoordinator {
  track(event: VictorEvent): void;
  /** Stores what was tracked; `false` when that cannot be done now. Without it the budgets store what they count themselves. */
  flush?(): Promise<boolean>;
  getSessionAnalytics(sessionId: string): Promise<SessionAnalytics>;
  exportAnalytics(options?: ExportOptions): Promise<AnalyticsExport>;
  /** Writes what is pending and closes the exporters; at most about two seconds. */
  close(): Promise<void>;
}

/** File pre-images; undo and restore. */
export interface CheckpointCoordinator {
  /** Keeps the files this call is about to change. Answers the ids of the checkpoints made. */
  save(
    call: ToolCall,
    turn: Pick<Turn, 'id' | 'sessionId'>,
  ): Promise<readonly { id: string; path: string }[]>;
  /** Records what the agent wrote, so that a later restore can tell it from the user's own edits. */
  seal(ids: readonly string[], written?: readonly WrittenFile[]): Promise<void>;
  /** Forgets checkpoints whose call failed, where it left the file as it was. */
  discard?(ids: readonly string[]): Promise<void>;
  /** Newest first. */
  list(sessionId: string): Promise<readonly Checkpoint[]>;
  /** Puts one file back as it was before this change and those after it. */
  restore(id: string): Promise<RestoreResult>;
  /** What taking changes of the session back would do, and what it would leave alone. Changes nothing. */
  preview?(sessionId: string, request: RestoreRequest): Promise<RestorePlan>;
  /** Does what a preview said, as far as each file still is as it was then. */
  apply?(plan: RestorePlan): Promise<RestoreOutcome>;
  /** Every file that the session changed, from before its first change to now; by path. */
  diff?(sessionId: string): Promise<readonly FileDiff[]>;
}

/** Replays recorded sessions against strategies and scores them. */
export interface EvaluationCoordinator {
  /** What each strategy would leave of each session: the scores of the first case first, and in it of the first budget. */
  evaluate(
    cases: readonly EvaluationCase[],
    options?: EvaluationOptions,
  ): Promise<readonly EvaluationScore[]>;
  /** How often each strategy ranks a tool first that is right for the request. */
  evaluateSelection?(
    cases: readonly SelectionCase[],
    options?: SelectionEvaluationOptions,
  ): Promise<readonly SelectionScore[]>;
}

export interface WorkflowSummary {
  readonly name: string;
  readonly description: string;
  readonly steps: number;
}

export interface WorkflowRunOptions {
  readonly sessionId: string;
  readonly signal: AbortSignal;
  /** Goes on with the session's last run of this workflow; `changed` also where its steps are others now. */
  readonly resume?: 'unchanged' | 'changed' | undefined;
  /** Steps, by name or number, that the user has said yes to beforehand. */
  readonly approve?: readonly string[] | undefined;
}

/** Named steps from the configuration, run in order. */
export interface WorkflowCoordinator {
  list(): readonly WorkflowSummary[];
  /** Runs every step in one session; `{{input}}` in a step stands for `input`. What is left over after a resume is run alone. */
  run(name: string, input: string, options: WorkflowRunOptions): AsyncIterable<VictorEvent>;
}

/** All fifteen. */
export interface Coordinators {
  readonly config: ConfigCoordinator;
  readonly prompt: PromptCoordinator;
  readonly context: ContextCoordinator;
  readonly chat: ChatCoordinator;
  readonly tool: ToolCoordinator;
  readonly toolSelection: ToolSelectionCoordinator;
  readonly session: SessionCoordinator;
  readonly provider: ProviderCoordinator;
  readonly mode: ModeCoordinator;
  readonly permission: PermissionCoordinator;
  readonly metrics: MetricsCoordinator;
  readonly analytics: AnalyticsCoordinator;
  readonly checkpoint: CheckpointCoordinator;
  readonly evaluation: EvaluationCoordinator;
  readonly workflow: WorkflowCoordinator;
}
