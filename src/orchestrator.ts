import { rm } from 'node:fs/promises';
import { type LoadedConfig, withSessionConfig } from './config/load.js';
import type { RuleRow } from './config/rule-rows.js';
import { settings as completeSettings, type Settings } from './config/schema.js';
import { type SessionLayers, sessionRuleRows, sessionSettingRows } from './config/session-rows.js';
import type { SettingRow } from './config/setting-rows.js';
import { type ContextReport, contextReport } from './context-report.js';
import type { PermissionCoordinator } from './coordinators/permission.js';
import type { BackgroundTasks } from './core/background-tasks.js';
import type { SpendingReport } from './core/budget.js';
import type {
  Compaction,
  CompactionPreview,
  Coordinators,
  CurrentProvider,
  Mode,
  Uncompaction,
  WorkflowRunOptions,
} from './core/coordinator.js';
import type { RecordedDecision } from './core/decision-record.js';
import type { VictorEvent } from './core/event.js';
import type { ExtensionFailure } from './core/extension.js';
import type { Hooks } from './core/hook.js';
import { newId } from './core/id.js';
import type { SessionHolder, Store } from './core/store.js';
import type { ToolServers } from './core/tool-servers.js';
import type { DecisionLog } from './decisions/decision-log.js';
import { EventPublisher } from './event-publisher.js';
import { checkHealth, type HealthCheck } from './health.js';
import type { Reload } from './live-settings/saved-settings.js';
import { SettingsInForce } from './live-settings/settings-in-force.js';
import { attachSubagents } from './orchestrator/attach-subagents.js';
import { type ChatResponse, chatResponse } from './orchestrator/chat-response.js';
import { followBackgroundTasks } from './orchestrator/follow-background-tasks.js';
import { followToolServers } from './orchestrator/follow-tool-servers.js';
import { OpenedSessions } from './orchestrator/opened-sessions.js';
import type { ChatOptions, OrchestratorOptions } from './orchestrator/options.js';
import { SessionChoices } from './orchestrator/session-choices.js';
import { SessionTurns } from './orchestrator/session-turns.js';
import { runStepCommand, runWorkflow, type WorkflowRunsOptions } from './orchestrator/workflow-runs.js';
import { ownCommandCall, ownCommandMessage } from './own-command.js';
import type { SessionApproval } from './permissions/approval-key.js';
import type { Traffic } from './recording/traffic.js';
import { SessionHolds } from './session-holds.js';
import { SessionSettings } from './session-settings.js';
import { SessionSpending } from './spending/session-spending.js';
import type { Spent } from './spending/shared-spending.js';
import { SessionChanges } from './undo/session-changes.js';
import { wire } from './wiring.js';

export type { ApprovalRequest } from './coordinators/permission.js';
export type { ChatResponse } from './orchestrator/chat-response.js';
export type { ChatOptions, OrchestratorOptions } from './orchestrator/options.js';

const neverAborted = new AbortController().signal;

/** The facade: opens sessions, runs turns, and gives every event to the log, the counters and whoever listens. */
export class AgentOrchestrator {
  readonly sessionId: string;
  readonly coordinators: Coordinators;
  readonly store: Store;
  readonly notices: readonly string[];
  readonly toolServers: ToolServers | undefined;
  readonly backgroundTasks: BackgroundTasks | undefined;
  readonly hooks: Hooks | undefined;
  /** What a session changed, and how to take it back. */
  readonly changes: SessionChanges;
  readonly #inForce: SettingsInForce;
  readonly #cwd: string;
  readonly #temporaryDirectory: string | undefined;
  readonly #traffic: Traffic | undefined;
  readonly #events: EventPublisher;
  /** For what only shows what the coordinators would answer. */
  readonly #unrecorded: Coordinators;
  readonly #decisions: DecisionLog;
  readonly #sessions: OpenedSessions;
  readonly #choices: SessionChoices;
  readonly #sessionSettings: SessionSettings;
  readonly #spending: SessionSpending;
  readonly #holds: SessionHolds;
  readonly #turns: SessionTurns;

  constructor(options: OrchestratorOptions = {}) {
    this.#inForce = new SettingsInForce({
      settings: completeSettings(options.settings ?? {}),
      named: options.namedExtensions ?? [],
      live: options.liveSettings,
    });
    this.sessionId = options.sessionId ?? newId();
    this.#cwd = options.cwd ?? process.cwd();
    const [sessionId, cwd, running] = [this.sessionId, this.#cwd, new Map<string, AbortSignal>()];
    const wired = wire({
      ...options,
      settings: this.settings,
      cwd,
      environment: options.environment ?? process.env,
      runPrompt: (prompt, { sessionId, signal }) => this.stream(prompt, { sessionId, signal }),
      runCommand: (command, scope) => runStepCommand(command, scope, this.#workflowRuns()),
      budgetOf: (id) => this.#spending.budgetOf(id),
      onEvent: (event, id) => void this.#events.emit(event, id),
      onPassing: (event, id) => this.#events.tell(event, id),
      onExtensionFailure: (failure, id) => this.#events.extensionFailed(failure, id ?? sessionId),
    });
    const { coordinators, unrecorded, store, cacheDiagnosis, decisions } = wired;
    const events = new EventPublisher({ ...coordinators, cacheDiagnosis, decisions });
    this.#unrecorded = unrecorded;
    this.#decisions = decisions;
    this.coordinators = coordinators;
    this.store = store;
    this.#events = events;
    this.#traffic = options.traffic;
    if (this.#traffic) this.subscribe((event) => this.#traffic?.onEvent(event));
    this.#choices = new SessionChoices({ coordinators, events });
    this.#sessionSettings = new SessionSettings({
      coordinators,
      events,
      choices: this.#choices,
      general: () => this.settings,
      withAnswer:
        options.sessionSettings ??
        ((answer) => withSessionConfig({ layers: [{ name: 'user', settings: this.settings }] }, answer)),
    });
    this.#sessions = new OpenedSessions({
      coordinators,
      events,
      sessionId,
      onOpen: (id) => this.#sessionSettings.opened(id),
      failures: () => this.extensionFailures,
    });
    store.onNotice?.((text) => events.noticed(text, this.#sessions.latest));
    this.toolServers = options.toolServers;
    this.backgroundTasks = options.backgroundTasks;
    if (options.backgroundTasks) {
      followBackgroundTasks(options.backgroundTasks, {
        passing: (event, id) => events.tell(event, id),
        emit: (event, id) => events.emit(event, id),
      });
    }
    this.hooks = options.hooks;
    if (options.hooks) options.hooks.onEvent = (event, id) => void events.emit(event, id);
    if (options.toolServers) {
      followToolServers(options.toolServers, {
        ...{ tool: coordinators.tool, running },
        notice: (text) => events.noticed(text, this.#sessions.latest),
      });
    }
    this.#holds = new SessionHolds(store.sessions);
    this.changes = new SessionChanges({
      coordinators,
      store: store.sessions,
      sessionId,
      acquire: (id) => this.#sessions.enter(id),
      emit: (event, id) => events.emit(event, id),
    });
    this.#spending = new SessionSpending({
      coordinators,
      store: store.analytics,
      project: options.project ?? cwd,
      warn: (text, id) => void events.emit({ type: 'notice', level: 'warning', text }, id),
    });
    events.subscribe((event) => this.#spending.record(event));
    attachSubagents(options.subagents, {
      ...{ coordinators, unrecorded, cwd, events },
      settingsOf: (id) => this.#sessionSettings.now(id),
      turnOf: (id) => this.#turns.turnOf(id),
      callBegins: (id, callId) => this.hooks?.callBegins(id, callId),
    });
    this.#temporaryDirectory = wired.temporaryDirectory;
    this.notices = [
      ...(options.notices ?? []),
      ...wired.notices,
      ...this.extensionFailures.map(({ message, fallback }) => `${message} Instead: ${fallback}.`),
    ];
    // The session seen first is the one that `getContext()` without an id speaks of.
    coordinators.context.append([], sessionId);
    this.#inForce.follow({
      ...{ coordinators, events, cwd, running, watch: options.watch ?? false },
      latest: () => this.#sessions.latest,
      onMode: (mode) => this.#sessionSettings.modeAsked(mode, running),
    });
    this.#turns = new SessionTurns({
      ...{ coordinators, events, cwd, running, inForce: this.#inForce, toolServers: options.toolServers },
      ...{ sessions: this.#sessions, settings: this.#sessionSettings, spending: this.#spending },
    });
  }

  /** What holds now; `reload` may replace it. */
  get settings(): Settings {
    return this.#inForce.settings;
  }

  /** The settings files as they were read last; `undefined` where the settings came from a program. */
  get configuration(): LoadedConfig | undefined {
    return this.#inForce.configuration;
  }

  /** Extensions that did not load, and what serves in their place. */
  get extensionFailures(): readonly ExtensionFailure[] {
    return this.#inForce.failures;
  }

  /** One turn, to its end. Rejects with a typed error; an abort rejects with `AbortedError`. */
  async chat(text: string, options: ChatOptions = {}): Promise<ChatResponse> {
    return chatResponse(this.stream(text, options));
  }

  /** One turn as it happens. On a failure the last event is `turn-error`, and then the error is thrown. */
  stream(text: string, options: ChatOptions = {}): AsyncGenerator<VictorEvent, void> {
    return this.#turns.stream(text, options.sessionId ?? this.sessionId, options);
  }

  /**
   * Runs a command of the user's own, as the Bash tool runs those of the model but without a question, and keeps it with its
   * output in the conversation: the model reads both with the next message. Waits for the session's turn to end.
   */
  async runCommand(
    command: string,
    options: { readonly sessionId?: string; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const { sessionId = this.sessionId, signal = neverAborted } = options;
    const release = await this.#sessions.enter(sessionId, signal);
    try {
      const result = await this.coordinators.tool.execute(ownCommandCall(command), sessionId, signal);
      const message = ownCommandMessage(command, result);
      await this.#events.emit({ type: 'message', message }, sessionId);
      this.coordinators.context.append([message], sessionId);
    } finally {
      release();
    }
  }

  /** Compacts a session now, whatever its threshold, and applies the result; `focus` is the current task for this once. */
  compact(sessionId = this.sessionId, focus?: string): Promise<Compaction> {
    return this.#turns.compact(sessionId, focus);
  }

  /** What `compact` would do, by the strategy in force and the others. Nothing changes, and no model is asked. */
  previewCompaction(sessionId = this.sessionId, focus?: string): Promise<CompactionPreview> {
    return this.#turns.previewCompaction(sessionId, focus);
  }

  /** Takes the last compaction back: the messages before it are there again. Answers a reason where that cannot be. */
  uncompact(sessionId = this.sessionId): Promise<Uncompaction> {
    const { sessions: store } = this.store;
    return this.#turns.uncompact(sessionId, { store, report: (id) => this.contextReport(id) });
  }

  switchProvider(name: string, sessionId = this.sessionId): Promise<CurrentProvider> {
    return this.#choices.switchProvider(name, sessionId);
  }

  setMode(mode: Mode, sessionId = this.sessionId): void {
    this.#choices.setMode(mode, sessionId);
  }

  resetSession(sessionId: string): Promise<boolean> {
    return this.#turns.reset(sessionId);
  }

  /**
   * Takes a session for this process until it is released or closed, or answers who has it: two processes that write one
   * conversation would each miss what the other says. Nothing here asks for it by itself.
   */
  holdSession(sessionId = this.sessionId): Promise<SessionHolder | undefined> {
    return this.#holds.take(sessionId);
  }

  /** What the session still runs in the background ends. */
  async releaseSession(sessionId: string): Promise<void> {
    await this.backgroundTasks?.stopAll(sessionId);
    await this.#holds.release(sessionId);
  }

  /** Copies a session as it is between two turns; the id of the copy, or `undefined` for a session that nothing is stored of. */
  forkSession(sessionId = this.sessionId): Promise<string | undefined> {
    return this.#sessions.fork(sessionId, this.store.sessions);
  }

  /** Opens or resumes a session without running a turn. */
  openSession(sessionId = this.sessionId): Promise<void> {
    return this.#sessions.open(sessionId);
  }

  /** Runs a workflow of the settings, or goes on with a run that broke off; the last event is `workflow-end`. */
  async *runWorkflow(
    name: string,
    input: string,
    options: Partial<WorkflowRunOptions> = {},
  ): AsyncIterable<VictorEvent> {
    const { sessionId = this.sessionId, signal = neverAborted } = options;
    await this.#turns.takeSaved(sessionId);
    yield* runWorkflow(name, input, { ...options, sessionId, signal }, this.#workflowRuns());
  }

  /**
   * Looks at the settings files again and applies what was saved, for turns that start from now on. With `confirm` also
   * what a project may not bring in by itself. Rejects with a `ConfigError` where there are no files.
   */
  reload(options: { readonly confirm?: boolean; readonly sessionId?: string } = {}): Promise<Reload> {
    return this.#inForce.reload(options);
  }

  /** The settings that hold in a session, and where each comes from; what may be a secret is masked. */
  settingRows(sessionId = this.sessionId): readonly SettingRow[] {
    return sessionSettingRows(this.#layers(sessionId));
  }

  /** The rules that hold in a session, strongest first, and where each comes from. */
  permissionRules(sessionId = this.sessionId): readonly RuleRow[] {
    return sessionRuleRows(this.#layers(sessionId));
  }

  /** What the user allowed for as long as this process works in the session. */
  sessionApprovals(sessionId = this.sessionId): readonly SessionApproval[] {
    const { permission } = this.coordinators;
    return (permission as Partial<PermissionCoordinator>).sessionApprovals?.(sessionId) ?? [];
  }

  /** What fills the model's window in a session, part by part. Contributors are asked, and no model. */
  contextReport(sessionId = this.sessionId): Promise<ContextReport> {
    const settings = this.#sessionSettings.now(sessionId);
    const promptContext = { cwd: this.#cwd, ...settings.prompt.context };
    return contextReport({ coordinators: this.#unrecorded, settings, sessionId, promptContext });
  }

  /** What the coordinators decided in a session, from what and why, in order. Rejects with a `StorageError`. */
  decisions(sessionId = this.sessionId): Promise<readonly RecordedDecision[]> {
    return this.#decisions.read(sessionId);
  }

  /** What the session, today and the project have cost, and how far the budgets are used. Rejects with a `StorageError`. */
  async spending(sessionId = this.sessionId): Promise<SpendingReport> {
    return this.#spending.report(this.#sessionSettings.now(sessionId), sessionId);
  }

  /** What today has cost so far, in every process that writes to this store; `undefined` where that is not stored. Rejects with a `StorageError`. */
  async spentToday(): Promise<(Spent & { readonly until: number }) | undefined> {
    return this.settings.analytics.enabled ? this.#spending.today() : undefined;
  }

  health(): Promise<readonly HealthCheck[]> {
    const { store, sessionId } = this;
    return checkHealth({ coordinators: this.#unrecorded, store, sessionId, extensions: this.#inForce.named });
  }

  /** Calls back for every event of every session; answers a function that ends it. */
  subscribe(listener: (event: VictorEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  /** Delivers what analytics still hold, closes the store, and writes what was recorded. */
  async close(): Promise<void> {
    this.#inForce.stop();
    await this.hooks?.close();
    await this.backgroundTasks?.stopAll();
    await this.toolServers?.close();
    this.#decisions.handOverAll();
    await this.coordinators.analytics.close();
    await this.#holds.releaseAll();
    await this.store.close();
    if (this.#temporaryDirectory) await rm(this.#temporaryDirectory, { recursive: true, force: true });
    this.#traffic?.close();
  }

  #workflowRuns(): WorkflowRunsOptions {
    const { coordinators, hooks } = this;
    return { coordinators, hooks, events: this.#events, sessions: this.#sessions };
  }

  #layers(sessionId: string): SessionLayers {
    const { settings, configuration } = this;
    return { settings, configuration, session: this.#sessionSettings.answered(sessionId) };
  }
}
