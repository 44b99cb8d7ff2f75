/**
 * The contract page: the fifteen decisions of Victor and who owns each. Anything with these members can
 * stand in for a built-in coordinator. No coordinator knows another except through the one it is given here.
 */
import type { Context } from './context.js';
import type { Approval, Decision, Selection } from './decision.js';
import type { EventBody, VictorEvent } from './event.js';
import type {
  AnalyticsEvent,
  ExportResult,
  ExtensionFailure,
  ModelAccess,
  PromptContext,
} from './extension.js';
import type { RunningTurns } from './live-options.js';
import type { Image, Message, ToolCall } from './message.js';
import type { ProviderEvent, ProviderRequest } from './provider.js';
import type { Checkpoint, LogRecord, SessionSummary } from './store.js';
import type { Tool, ToolDefinition, ToolResult } from './tool.js';
import type { Usage } from './usage.js';

/** Which settings hold for a session. */
export interface ConfigCoordinator {
  /** Asks the providers, highest priority first; the first non-empty answer, else `{}`. Cached per session. */
  loadConfig(sessionId: string): Promise<Readonly<Record<string, unknown>>>;
  /** The answer loaded last for this session (without an id: for the session loaded first), else `{}`. */
  getConfig(sessionId?: string): Readonly<Record<string, unknown>>;
  /** Forgets the cached answer of one session, or of all. */
  invalidate(sessionId?: string): void;
}

/** The parts of a prompt: what stays the same, for providers to cache, and what may differ from call to call. */
export interface Prompt {
  readonly system: string;
  readonly volatile: string;
}

/** The system prompt. */
export interface PromptCoordinator {
  /** The whole prompt; what is volatile comes last. */
  buildSystemPrompt(context: PromptContext): Promise<string>;
  /** The same in its two parts, which the turn loop prefers. Without it the whole prompt counts as stable. */
  buildPrompt?(context: PromptContext): Promise<Prompt>;
}

/** What the context coordinator did to make a session fit. */
export interface Compaction {
  readonly strategy: string;
  readonly changed: boolean;
  readonly before: { readonly messages: number; readonly tokens: number };
  readonly after: { readonly messages: number; readonly tokens: number };
  readonly context: Context;
}

/** What the model still sees. Without a session id the methods speak of the session seen first. */
export interface ContextCoordinator {
  getContext(sessionId?: string): Context;
  /** Adds messages at the end. */
  append(messages: readonly Message[], sessionId?: string): void;
  /** Makes this the session's context; without it the session is reset and appended to. */
  replace?(context: Context, sessionId?: string): void;
  /** A smaller, valid context; the live one stays as it is. */
  compactContext(context: Context): Promise<Context>;
  /** Compacts and applies when the session has outgrown its threshold of `budgetTokens`; `undefined` when nothing had to be done. An abort leaves the context as it was. Without it nothing is compacted by itself. */
  fit?(sessionId: string, budgetTokens: number, signal?: AbortSignal): Promise<Compaction | undefined>;
  /** Learns from the provider how many tokens the session's present messages are. */
  observe?(tokens: number, sessionId: string): void;
  reset(sessionId?: string): void;
}

export interface Turn {
  readonly id: string;
  readonly sessionId: string;
  readonly text: string;
  readonly images?: readonly Image[];
  /** Goes into the prompt context of this turn. */
  readonly promptContext: Readonly<Record<string, unknown>>;
  /** Provider calls this turn may make. */
  readonly maxTurns: number;
  /** US dollars this turn may still cost, when limited. */
  readonly budgetUsd?: number;
  /** Output tokens asked for per provider call. */
  readonly maxTokens: number;
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
  /** Validates and runs; never throws for what the model can mend. */
  execute(call: ToolCall, sessionId: string, signal: AbortSignal): Promise<ToolResult>;
  /** What `execute` would answer now, without changing anything; `undefined` where nobody can tell. */
  preview?(call: ToolCall, sessionId: string, signal: AbortSignal): Promise<ToolResult | undefined>;
}

export interface SelectionRequest {
  readonly sessionId: string;
  readonly text: string;
  readonly tools: readonly Tool[];
}

/** How well each tool suits a request, best first, and the strategy that says so. */
export type ToolRanking = Pick<Selection, 'strategy' | 'scores'>;

/** Which tools are offered this turn. */
export interface ToolSelectionCoordinator {
  select(request: SelectionRequest): Promise<Selection>;
  /** Every tool with its score, to explain a choice; changes nothing in the session. */
  rank?(request: SelectionRequest): Promise<ToolRanking>;
}

export interface OpenSession {
  readonly id: string;
  /** There was a log before. */
  readonly resumed: boolean;
  /** The context a resume starts from; empty for a new session. */
  readonly messages: readonly Message[];
}

/** Open, resume, list, reset. */
export interface SessionCoordinator {
  open(id?: string): Promise<OpenSession>;
  /** Appends to the durable log; resolves when it is on disk. */
  record(entry: LogRecord, sessionId: string): Promise<void>;
  list(options?: { readonly idPrefix?: string; readonly limit?: number }): Promise<readonly SessionSummary[]>;
  /** Clears the session's context only; `false` for an unknown id. */
  resetSession(id: string): Promise<boolean>;
}

export interface CurrentProvider {
  readonly provider: string;
  readonly model: string;
  readonly contextWindow: number;
}

/** Retries are told to the loop as events of the stream. */
export type ProviderCoordinatorEvent = ProviderEvent | Extract<EventBody, { type: 'request-retry' }>;

/** Who answers: current, switch, retry. */
export interface ProviderCoordinator {
  current(sessionId?: string): CurrentProvider;
  /** `name` is `provider/model`, a provider's name, or a model of the current provider. */
  switchTo(name: string, sessionId?: string): Promise<CurrentProvider>;
  stream(
    request: Omit<ProviderRequest, 'model'> & { readonly sessionId: string },
    signal: AbortSignal,
  ): AsyncIterable<ProviderCoordinatorEvent>;
  /** US dollars for this usage on the session's model; `null` when the price is unknown. */
  cost(usage: Usage, sessionId?: string): number | null;
}

export const modes = ['ask', 'accept-edits', 'plan', 'read-only', 'yolo'] as const;
export type Mode = (typeof modes)[number];

/** The one list of modes and what each allows. */
export interface ModeCoordinator {
  current(sessionId?: string): Mode;
  set(mode: Mode, sessionId?: string): void;
  /** What the session's mode says to this kind of tool, before any rule. */
  allows(tool: Pick<Tool, 'name' | 'kind'>, sessionId?: string): Decision;
}

/** Allow, ask or deny one tool call, and why. */
export interface PermissionCoordinator {
  decide(call: ToolCall, sessionId: string): Promise<Decision>;
  /** Adds a session's own rules; they can only tighten. */
  restrict?(
    rules: { readonly ask: readonly string[]; readonly deny: readonly string[] },
    sessionId: string,
  ): void;
  /** Puts an `ask` to the user; without anybody to ask it is a refusal. */
  ask(call: ToolCall, decision: Decision, sessionId: string, signal: AbortSignal): Promise<Approval>;
}

export interface MetricsSnapshot {
  readonly turns: number;
  readonly providerCalls: number;
  readonly toolCalls: number;
  readonly toolErrors: number;
  readonly denials: number;
  readonly usage: Usage;
  /** US dollars of the calls with a known price. */
  readonly costUsd: number;
  /** Provider calls whose price was unknown. */
  readonly unpricedCalls: number;
  /** Milliseconds spent in provider calls and in tools. */
  readonly providerMs: number;
  readonly toolMs: number;
  /** Tokens in the model's view at the last call, and the window they must fit. */
  readonly contextTokens: number;
  readonly contextWindow: number;
}

/** Counts, durations, tokens, money from events. */
export interface MetricsCoordinator {
  record(event: VictorEvent): void;
  /** Of one session, or of all in this process. */
  snapshot(sessionId?: string): MetricsSnapshot;
}

export interface SessionAnalytics {
  readonly sessionId: string;
  readonly events: readonly AnalyticsEvent[];
}

export interface AnalyticsExport extends ExportResult {
  /** Events newly delivered by this call to every exporter. */
  readonly exportedCount: number;
  readonly exporters: readonly (ExportResult & { readonly name: string })[];
}

/** Events per session, and their export. */
export interface AnalyticsCoordinator {
  track(event: VictorEvent): void;
  getSessionAnalytics(sessionId: string): Promise<SessionAnalytics>;
  exportAnalytics(options?: { readonly sessionId?: string }): Promise<AnalyticsExport>;
  /** Writes what is pending and closes the exporters; at most about two seconds. */
  close(): Promise<void>;
}

export interface RestoreResult {
  readonly restored: boolean;
  readonly path: string;
  /** Why not, or what was done. */
  readonly reason: string;
}

/** File pre-images; undo and restore. */
export interface CheckpointCoordinator {
  /** Keeps the files this call is about to change. Answers the ids of the checkpoints made. */
  save(
    call: ToolCall,
    turn: Pick<Turn, 'id' | 'sessionId'>,
  ): Promise<readonly { id: string; path: string }[]>;
  /** Records what the agent wrote, so that a later restore can tell it from the user's own edits. */
  seal(ids: readonly string[]): Promise<void>;
  /** Newest first. */
  list(sessionId: string): Promise<readonly Checkpoint[]>;
  restore(id: string): Promise<RestoreResult>;
}

export interface EvaluationCase {
  readonly sessionId: string;
  readonly messages: readonly Message[];
}

export interface EvaluationScore {
  readonly sessionId: string;
  readonly strategy: string;
  /** It is the strategy in force, not one it is compared with. */
  readonly configured: boolean;
  readonly before: { readonly messages: number; readonly tokens: number };
  readonly after: { readonly messages: number; readonly tokens: number };
  readonly durationMs: number;
  /** Why the strategy could not do it; the context then stays as it was. */
  readonly problem?: string;
}

/** Replays recorded sessions against strategies and scores them. */
export interface EvaluationCoordinator {
  evaluate(cases: readonly EvaluationCase[]): Promise<readonly EvaluationScore[]>;
}

export interface WorkflowSummary {
  readonly name: string;
  readonly description: string;
  readonly steps: number;
}

/** Named steps from the configuration, run in order. */
export interface WorkflowCoordinator {
  list(): readonly WorkflowSummary[];
  /** Runs every step in one session; `{{input}}` in a prompt stands for `input`. */
  run(
    name: string,
    input: string,
    options: { sessionId: string; signal: AbortSignal },
  ): AsyncIterable<VictorEvent>;
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

/** A coordinator that takes new options while it lives. What it keeps for its sessions stays, and a running turn goes on with the options it started with. */
export interface Configurable<Options> {
  /** Replaces the options that `change` names. */
  configure?(change: Partial<Options>, running?: RunningTurns): void;
}

/** The model of a session; `undefined` when none can be asked. Requests end when the signal is aborted. */
export type ModelOf = (sessionId: string, signal: AbortSignal) => ModelAccess | undefined;

/** Coordinators whose extensions may ask a session's model find it here; the wiring sets it. */
export interface AsksModels {
  modelOf?: ModelOf;
}

/** Coordinators that run extensions report failures here; the orchestrator sets it and makes events of them. */
export interface ReportsExtensionFailures {
  onExtensionFailure?: (failure: ExtensionFailure, sessionId?: string) => void;
}
