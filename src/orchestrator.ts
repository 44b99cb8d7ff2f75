import { rm } from 'node:fs/promises';
import { withSessionConfig } from './config/load.js';
import type { Origin } from './config/merge.js';
import type { PartialSettings, Settings } from './config/schema.js';
import { settings as completeSettings } from './config/schema.js';
import { type SettingRow, settingRows } from './config/setting-rows.js';
import type { ContextCoordinator } from './coordinators/context.js';
import type { ApprovalRequest } from './coordinators/permission.js';
import type { Compaction, Coordinators, CurrentProvider, Mode, Turn } from './core/coordinator.js';
import type { Approval } from './core/decision.js';
import { AbortedError, ConfigError } from './core/errors.js';
import type { TurnEndReason, VictorEvent } from './core/event.js';
import type { ExtensionFailure } from './core/extension.js';
import { newId } from './core/id.js';
import { KeyedQueue } from './core/keyed-queue.js';
import type { Image } from './core/message.js';
import type { Provider } from './core/provider.js';
import { replaceContext } from './core/replace-context.js';
import type { Store } from './core/store.js';
import { estimateTokens } from './core/tokens.js';
import type { Tool } from './core/tool.js';
import { untilAborted } from './core/until-aborted.js';
import type { Usage } from './core/usage.js';
import { EventPublisher } from './event-publisher.js';
import type { NamedExtension } from './extensions/load-extensions.js';
import { checkHealth, type HealthCheck } from './health.js';
import type { LiveSettings } from './live-settings/live-settings.js';
import { type Reload, SavedSettings } from './live-settings/saved-settings.js';
import type { ProviderAccess } from './providers/choose-provider.js';
import { SessionSettings } from './session-settings.js';
import { type LoadedExtensions, type Wired, wire } from './wiring.js';

export type { ApprovalRequest };

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
  /** Absolute path the tools work in; the process's own when absent. */
  readonly cwd?: string;
  /** Asks the user; without it, a call that would have to ask is refused. */
  readonly onApproval?: (request: ApprovalRequest) => Promise<Approval>;
  /** The id `orchestrator.sessionId` has; a fresh one when absent. */
  readonly sessionId?: string;
  /** Turns a config provider's answer into the settings of a session. */
  readonly sessionSettings?: (answer: Readonly<Record<string, unknown>>) => Settings;
  readonly environment?: NodeJS.ProcessEnv;
  readonly outputDirectory?: string;
  readonly providerAccess?: ProviderAccess;
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
}

export interface ChatResponse {
  readonly content: string;
  /** Over all provider calls of the turn. */
  readonly usage: Usage;
  /** US dollars; `null` when a price was unknown. */
  readonly costUsd: number | null;
  readonly sessionId: string;
  readonly turnId: string;
  readonly reason: TurnEndReason;
  readonly providerCalls: number;
  readonly durationMs: number;
  readonly denials: readonly { readonly tool: string; readonly title: string; readonly reason: string }[];
}

const neverAborted = new AbortController().signal;

/** The facade: opens sessions, runs turns, and gives every event to the log, the counters and whoever listens. */
export class AgentOrchestrator {
  readonly sessionId: string;
  readonly coordinators: Coordinators;
  readonly store: Store;
  readonly notices: readonly string[];
  /** Extensions that did not load, and what serves in their place. */
  extensionFailures: readonly ExtensionFailure[];
  #settings: Settings;
  #namedExtensions: readonly NamedExtension[];
  readonly #withAnswer: (answer: Readonly<Record<string, unknown>>) => Settings;
  readonly #cwd: string;
  readonly #temporaryDirectory: string | undefined;
  readonly #opening = new Map<string, Promise<void>>();
  readonly #turns = new KeyedQueue();
  readonly #events: EventPublisher;
  readonly #running = new Map<string, AbortSignal>();
  readonly #live: LiveSettings | undefined;
  readonly #saved: SavedSettings | undefined;
  readonly #watches: boolean;
  readonly #resetMeanwhile = new Set<string>();
  #savedMeanwhile = false;
  readonly #sessionSettings: SessionSettings;
  /** The session that was used last: it is told of what happens to all of them. */
  #latest: string;

  constructor(options: OrchestratorOptions = {}) {
    this.#settings = completeSettings(options.settings ?? {});
    this.sessionId = options.sessionId ?? newId();
    this.#latest = this.sessionId;
    this.#withAnswer =
      options.sessionSettings ??
      ((answer) => withSessionConfig({ layers: [{ name: 'user', settings: this.settings }] }, answer));
    this.#cwd = options.cwd ?? process.cwd();
    const wired: Wired = wire({
      ...options,
      settings: this.settings,
      cwd: this.#cwd,
      environment: options.environment ?? process.env,
      runPrompt: (prompt, { sessionId, signal }) => this.stream(prompt, { sessionId, signal }),
      onEvent: (event, id) => void this.#events.emit(event, id),
      onExtensionFailure: (failure, id) => this.#events.extensionFailed(failure, id ?? this.sessionId),
    });
    this.coordinators = wired.coordinators;
    this.#events = new EventPublisher(wired.coordinators);
    this.#sessionSettings = new SessionSettings({
      coordinators: wired.coordinators,
      events: this.#events,
      general: () => this.settings,
      withAnswer: this.#withAnswer,
      setMode: (mode, id) => this.setMode(mode, id),
      switchProvider: (name, id) => this.switchProvider(name, id),
    });
    this.store = wired.store;
    this.#temporaryDirectory = wired.temporaryDirectory;
    this.#namedExtensions = options.namedExtensions ?? [];
    this.extensionFailures = this.#namedExtensions.flatMap(({ failure }) => failure ?? []);
    this.notices = [
      ...(options.notices ?? []),
      ...wired.notices,
      ...this.extensionFailures.map(({ message, fallback }) => `${message} Instead: ${fallback}.`),
    ];
    // The session seen first is the one that `getContext()` without an id speaks of.
    this.coordinators.context.append([], this.sessionId);
    this.#live = options.liveSettings;
    this.#watches = this.#live !== undefined && options.watch === true;
    this.#saved = this.#live && this.#savedSettings(this.#live);
    if (this.#watches) this.#live?.watch(() => this.#onSave());
  }

  /** What holds now; `reload` may replace it. */
  get settings(): Settings {
    return this.#settings;
  }

  /** One turn, to its end. Rejects with a typed error; an abort rejects with `AbortedError`. */
  async chat(text: string, options: ChatOptions = {}): Promise<ChatResponse> {
    const denials: { tool: string; title: string; reason: string }[] = [];
    const titles = new Map<string, string>();
    const reasons = new Map<string, string>();
    let response: ChatResponse | undefined;
    for await (const event of this.stream(text, options)) {
      if (event.type === 'tool-call') titles.set(event.call.id, event.title);
      if (event.type === 'tool-decision') reasons.set(event.call.id, event.decision.reason);
      if (event.type === 'tool-result' && event.denied) {
        const { id, name } = event.call;
        denials.push({ tool: name, title: titles.get(id) ?? '', reason: reasons.get(id) ?? '' });
      }
      if (event.type === 'turn-end') {
        const { content, usage, costUsd, sessionId, turnId, reason, providerCalls, durationMs } = event;
        const done = {
          content,
          usage,
          costUsd,
          sessionId,
          turnId: turnId ?? '',
          reason,
          providerCalls,
          durationMs,
        };
        response = { ...done, denials };
      }
    }
    if (!response || response.reason === 'interrupted') throw new AbortedError();
    return response;
  }

  /** One turn as it happens. On a failure the last event is `turn-error`, and then the error is thrown. */
  async *stream(text: string, options: ChatOptions = {}): AsyncGenerator<VictorEvent, void> {
    const sessionId = options.sessionId ?? this.sessionId;
    // A caller who stops listening stops the turn; so does their signal.
    const controller = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, controller.signal]) : controller.signal;
    const release = await this.#acquire(sessionId, signal);
    this.#events.turnStarts(sessionId);
    try {
      await this.#sessionSettings.refuseEarly(sessionId);
      await this.#openSession(sessionId);
      await this.#takeSaved(sessionId);
      this.#running.set(sessionId, controller.signal);
      const settings = await untilAborted(this.#sessionSettings.of(sessionId), signal);
      yield* this.#events.takeAside(sessionId);
      const turn = this.#turn(text, sessionId, settings, options);
      for await (const event of this.coordinators.chat.run(turn, signal)) {
        await this.#events.publish(event);
        yield* this.#events.takeAside(sessionId);
        yield event;
      }
      yield* this.#events.takeAside(sessionId);
    } finally {
      controller.abort();
      this.#running.delete(sessionId);
      this.#events.turnEnds(sessionId);
      // What the turn still added after a reset goes with the rest.
      if (this.#resetMeanwhile.delete(sessionId)) await this.coordinators.session.resetSession(sessionId);
      release();
      if (this.#savedMeanwhile) this.#onSave();
    }
  }

  /** Compacts a session now, whatever its threshold, and applies the result. */
  async compact(sessionId = this.sessionId): Promise<Compaction> {
    const release = await this.#turns.acquire(sessionId);
    try {
      await this.#openSession(sessionId);
      await this.#takeSaved(sessionId);
      const { context } = this.coordinators;
      const original = context.getContext(sessionId);
      const compacted = await context.compactContext(original);
      const strategy = (context as Partial<ContextCoordinator>).strategyOf?.(compacted) ?? 'custom';
      const before = sizeOf(original.messages);
      const after = sizeOf(compacted.messages);
      const changed = compacted !== original && after.tokens !== before.tokens;
      if (changed) {
        replaceContext(context, compacted, sessionId);
        const { messages } = compacted;
        await this.#events.emit(
          { type: 'compaction', strategy, automatic: false, before, after, messages },
          sessionId,
        );
      }
      return { strategy, changed, before, after, context: compacted };
    } finally {
      release();
    }
  }

  async switchProvider(name: string, sessionId = this.sessionId): Promise<CurrentProvider> {
    const before = this.coordinators.provider.current(sessionId);
    const now = await this.coordinators.provider.switchTo(name, sessionId);
    const from = `${before.provider}/${before.model}`;
    const to = `${now.provider}/${now.model}`;
    if (from !== to) await this.#events.emit({ type: 'provider-change', from, to }, sessionId);
    return now;
  }

  setMode(mode: Mode, sessionId = this.sessionId): void {
    const from = this.coordinators.mode.current(sessionId);
    this.coordinators.mode.set(mode, sessionId);
    if (from !== mode) void this.#events.emit({ type: 'mode-change', from, to: mode }, sessionId);
  }

  async resetSession(sessionId: string): Promise<boolean> {
    if (this.#running.has(sessionId)) this.#resetMeanwhile.add(sessionId);
    const known = await this.coordinators.session.resetSession(sessionId);
    if (known) await this.#events.emit({ type: 'session-reset' }, sessionId);
    return known;
  }

  /** Opens or resumes a session without running a turn. */
  async openSession(sessionId = this.sessionId): Promise<void> {
    await this.#openSession(sessionId);
  }

  async *runWorkflow(name: string, input: string, options: ChatOptions = {}): AsyncIterable<VictorEvent> {
    const sessionId = options.sessionId ?? this.sessionId;
    await this.#takeSaved(sessionId);
    const signal = options.signal ?? neverAborted;
    yield* this.coordinators.workflow.run(name, input, { sessionId, signal });
  }

  /**
   * Looks at the settings files again and applies what was saved, for turns that start from now on. With `confirm` also
   * what a project may not bring in by itself. Rejects with a `ConfigError` where there are no files.
   */
  async reload(options: { readonly confirm?: boolean; readonly sessionId?: string } = {}): Promise<Reload> {
    if (!this.#saved) {
      throw new ConfigError('This orchestrator was made from settings, not from files.', {
        advice: 'Make it with createOrchestrator to reload files.',
      });
    }
    return this.#saved.apply(options.sessionId ?? this.#latest, { confirm: options.confirm ?? false });
  }

  /** The settings that hold in a session, and where each comes from; what may be a secret is masked. */
  settingRows(sessionId = this.sessionId): readonly SettingRow[] {
    const { origins } = this.#live?.config ?? { origins: {} };
    const held = settingRows({ settings: this.#settings, origins });
    const rows = this.#live
      ? held
      : withOrigin('program', held, settingRows({ settings: completeSettings(), origins }));
    const answer = this.coordinators.config.getConfig(sessionId);
    if (Object.keys(answer).length === 0) return rows;
    return withOrigin('session', settingRows({ settings: this.#withAnswer(answer), origins }), rows);
  }

  health(): Promise<readonly HealthCheck[]> {
    const { coordinators, store, sessionId } = this;
    return checkHealth({ coordinators, store, sessionId, extensions: this.#namedExtensions });
  }

  /** Calls back for every event of every session; answers a function that ends it. */
  subscribe(listener: (event: VictorEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  /** Delivers what analytics still hold and closes the store. */
  async close(): Promise<void> {
    this.#live?.stop();
    await this.coordinators.analytics.close();
    await this.store.close();
    if (this.#temporaryDirectory) await rm(this.#temporaryDirectory, { recursive: true, force: true });
  }

  /** The session's turn, unless the caller gives up first; a place that nobody wants any more is passed on. */
  async #acquire(sessionId: string, signal: AbortSignal): Promise<() => void> {
    const place = this.#turns.acquire(sessionId);
    try {
      return await untilAborted(place, signal);
    } catch (error) {
      void place.then((release) => release());
      throw error;
    }
  }

  #openSession(sessionId: string): Promise<void> {
    this.#latest = sessionId;
    let opening = this.#opening.get(sessionId);
    if (!opening) {
      opening = this.#open(sessionId);
      this.#opening.set(sessionId, opening);
      // A session that could not be opened is tried again by the next who wants it.
      opening.catch(() => this.#opening.delete(sessionId));
    }
    return opening;
  }

  async #open(sessionId: string): Promise<void> {
    const { resumed, messages } = await this.coordinators.session.open(sessionId);
    if (messages.length > 0) this.coordinators.context.append(messages, sessionId);
    this.#sessionSettings.opened(sessionId);
    await this.#events.emit({ type: 'session-open', resumed, messages: messages.length }, sessionId);
    for (const failure of this.extensionFailures) this.#events.extensionFailed(failure, sessionId);
  }

  #savedSettings(live: LiveSettings): SavedSettings {
    return new SavedSettings({
      live,
      coordinators: this.coordinators,
      events: this.#events,
      cwd: this.#cwd,
      running: this.#running,
      hold: (prepared, changes) => {
        this.#settings = prepared.settings;
        this.#namedExtensions = prepared.named;
        this.extensionFailures = prepared.named.flatMap(({ failure }) => failure ?? []);
        if (!changes.some(({ key }) => key === 'permissions.mode')) return;
        this.#sessionSettings.modeAsked(prepared.settings.permissions.mode, this.#running);
      },
    });
  }

  /** The boundary of a turn: what was saved by now holds for it. */
  async #takeSaved(sessionId: string): Promise<void> {
    this.#sessionSettings.tightenMode(sessionId);
    if (this.#watches) await this.#saved?.apply(sessionId, { confirm: false });
  }

  /** While a turn runs its end is soon enough. */
  #onSave(): void {
    this.#savedMeanwhile = this.#running.size > 0;
    if (!this.#savedMeanwhile) void this.#saved?.apply(this.#latest, { confirm: false });
  }

  #turn(text: string, sessionId: string, settings: Settings, options: ChatOptions): Turn {
    const budgetUsd = this.#sessionSettings.budget(settings, sessionId);
    return {
      id: newId(),
      sessionId,
      text,
      ...(options.images ? { images: options.images } : {}),
      promptContext: { cwd: this.#cwd, ...settings.prompt.context, ...options.context },
      maxTurns: settings.maxTurns,
      maxTokens: settings.maxTokens,
      ...(budgetUsd === undefined ? {} : { budgetUsd }),
    };
  }
}

function sizeOf(messages: Compaction['context']['messages']) {
  return { messages: messages.length, tokens: estimateTokens(messages) };
}

/** Rows that differ from what holds below come from this layer. */
function withOrigin(layer: Origin['layer'], rows: readonly SettingRow[], below: readonly SettingRow[]) {
  const known = new Map(below.map((row) => [row.key, row]));
  return rows.map((row): SettingRow => {
    const same = known.get(row.key);
    const isSame = JSON.stringify(same?.value) === JSON.stringify(row.value);
    return same && isSame ? same : { ...row, origin: { layer } };
  });
}
