import { contextProblem, enforceInvariants } from '../compaction/enforce-invariants.js';
import { createRecentStrategy } from '../compaction/recent.js';
import { callExtension } from '../core/call-extension.js';
import { type Context, emptyContext } from '../core/context.js';
import type * as contract from '../core/coordinator.js';
import type { Compaction } from '../core/coordinator.js';
import { currentTask } from '../core/current-task.js';
import { deepFreeze } from '../core/deep-freeze.js';
import { extensionName } from '../core/describe-failure.js';
import { AbortedError, ContextOverflowError } from '../core/errors.js';
import type { ContextOutlook, ExplainsContext } from '../core/explains.js';
import type { CompactionStrategy, ExtensionFailure } from '../core/extension.js';
import { grown } from '../core/growing-list.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import type { Message } from '../core/message.js';
import { estimateTokens } from '../core/tokens.js';
import { untilAborted } from '../core/until-aborted.js';

export interface ContextCoordinatorOptions {
  readonly compactionStrategy?: CompactionStrategy;
  /** Share of the token budget past which `fit` compacts between turns; 0.8 when absent. */
  readonly threshold?: number;
  /** Share past which it does so within a turn, whose work a compaction interrupts; 0.95 when absent, never below `threshold`. */
  readonly hardThreshold?: number;
  /** Milliseconds a strategy may take; 60,000 when absent, because it may ask a model. */
  readonly timeoutMs?: number;
}

interface SessionContext {
  messages: readonly Message[];
  metadata: Context['metadata'];
  /** What the messages alone say of the task. */
  derived: Context['metadata'];
  /** What the provider said the messages weigh, but for those that came since. */
  measuredTokens: number;
  /** Estimated tokens of the messages that nobody measured. */
  addedTokens: number;
  /** Tokens that automatic compaction left the last time. */
  settledTokens: number;
  /** Which strategy failed, and what was said of it: the same is not said twice in a session. */
  failed?: { readonly strategy: CompactionStrategy; readonly message: string };
}

/** Automatic compaction aims below its threshold by this share, or it would be due again at once. */
const TARGET_SHARE = 0.5;
/** What compaction could not bring below the threshold must grow by this share of the budget before it is tried again. */
const GROWTH_SHARE = 0.05;

/** What automatic compaction falls back to when the configured strategy leaves too much. */
const lastResorts: readonly CompactionStrategy[] = [
  createRecentStrategy({ keepLast: 10 }),
  createRecentStrategy({ keepLast: 2 }),
];

/** Holds each session's messages and keeps them within what the model can see. */
export class ContextCoordinator
  implements
    contract.ContextCoordinator,
    contract.Configurable<ContextCoordinatorOptions>,
    contract.AsksModels,
    contract.ReportsExtensionFailures,
    ExplainsContext
{
  modelOf?: contract.ModelOf;
  onExtensionFailure?: (failure: ExtensionFailure, sessionId?: string) => void;
  readonly #options: LiveOptions<Required<ContextCoordinatorOptions>>;
  readonly #sessions = new Map<string, SessionContext>();
  /** Whose a context is that was handed out, so that compacting it asks the right model and blames the right session. */
  readonly #owners = new WeakMap<Context, string>();
  /** Which strategy made a context that was handed out. */
  readonly #served = new WeakMap<Context, string>();

  constructor(options: ContextCoordinatorOptions = {}) {
    this.#options = new LiveOptions({
      compactionStrategy: options.compactionStrategy ?? createRecentStrategy(),
      threshold: options.threshold ?? 0.8,
      hardThreshold: options.hardThreshold ?? 0.95,
      timeoutMs: options.timeoutMs ?? 60_000,
    });
  }

  configure(change: Partial<ContextCoordinatorOptions>, running?: RunningTurns): void {
    this.#options.configure(change, running);
  }

  getContext(sessionId?: string): Context {
    const [id, session] = this.#find(sessionId) ?? [];
    if (id === undefined || !session) return emptyContext;
    const context = Object.freeze({
      messages: session.messages,
      metadata: Object.freeze({ ...session.derived, ...session.metadata }),
    });
    this.#owners.set(context, id);
    return context;
  }

  append(messages: readonly Message[], sessionId?: string): void {
    const session = this.#session(sessionId);
    session.messages = grown(session.messages, messages.map(deepFreeze));
    session.derived = { ...session.derived, ...currentTask(messages) };
    session.addedTokens += estimateTokens(messages);
  }

  replace(context: Context, sessionId?: string): void {
    const session = this.#session(sessionId);
    // A task that was only the latest message is not kept: the next message is the next task.
    const { currentTask: task, ...rest } = context.metadata;
    const before = session.derived;
    session.derived = currentTask(context.messages);
    const derived = [before, session.derived].map(({ currentTask }) => currentTask);
    session.metadata = task === undefined || derived.includes(task) ? rest : context.metadata;
    session.messages = grown([], context.messages.map(deepFreeze));
    session.measuredTokens = 0;
    session.addedTokens = estimateTokens(session.messages);
    session.settledTokens = 0;
  }

  observe(tokens: number, sessionId: string): void {
    const session = this.#session(sessionId);
    session.measuredTokens = tokens;
    session.addedTokens = 0;
  }

  async compactContext(context: Context, owner?: string): Promise<Context> {
    const sessionId = owner ?? this.#owners.get(context);
    for (const strategy of [this.#options.of(sessionId).compactionStrategy, lastResorts[0]!]) {
      const compacted = await this.#compact(strategy, context, { sessionId });
      if (!compacted) continue;
      this.#served.set(compacted, nameOf(strategy));
      return compacted;
    }
    return context;
  }

  async fit(
    sessionId: string,
    budgetTokens: number,
    signal?: AbortSignal,
    withinTurn = false,
  ): Promise<Compaction | undefined> {
    const { compactionStrategy, threshold } = this.#options.of(sessionId);
    if (compactionStrategy.automatic === false) return undefined;
    const session = this.#session(sessionId);
    const before = session.measuredTokens + session.addedTokens;
    if (before <= this.#compactsAt(sessionId, budgetTokens, withinTurn)) return undefined;
    // How far the estimate is off; no compaction touches that.
    const offset = before - estimateTokens(session.messages);
    const targetTokens = Math.max(0, Math.floor(budgetTokens * threshold * TARGET_SHARE - offset));
    const original = this.getContext(sessionId);
    for (const strategy of [compactionStrategy, ...lastResorts]) {
      const context = await this.#compact(strategy, original, { sessionId, targetTokens, signal });
      // The session was reset meanwhile: what was made of its messages is no longer theirs.
      if (session.messages !== original.messages) return undefined;
      if (!context) continue;
      const tokens = estimateTokens(context.messages) + offset;
      if (tokens > budgetTokens) continue;
      if (context !== original) {
        this.replace({ messages: context.messages, metadata: session.metadata }, sessionId);
      }
      session.settledTokens = tokens;
      if (context === original) return undefined;
      return {
        strategy: nameOf(strategy),
        changed: true,
        before: { messages: original.messages.length, tokens: before },
        after: { messages: context.messages.length, tokens },
        context,
      };
    }
    throw new ContextOverflowError(before, budgetTokens);
  }

  /** When `fit` would compact with this budget. */
  outlook(sessionId: string, budgetTokens: number, withinTurn = false): ContextOutlook {
    const { compactionStrategy } = this.#options.of(sessionId);
    const session = this.#session(sessionId);
    const tokens = session.measuredTokens + session.addedTokens;
    const threshold = budgetTokens * this.#threshold(sessionId, withinTurn);
    const compacts = this.#compactsAt(sessionId, budgetTokens, withinTurn);
    return {
      strategy: nameOf(compactionStrategy),
      automatic: compactionStrategy.automatic !== false,
      tokens,
      compactsAtTokens: Math.max(0, Math.floor(compacts)),
      ...(tokens > threshold && tokens <= compacts ? { settled: true } : {}),
    };
  }

  reset(sessionId?: string): void {
    const [id] = this.#find(sessionId) ?? [];
    if (id !== undefined) this.replace(emptyContext, id);
  }

  /** The strategy in force in a session. */
  strategyFor(sessionId: string): CompactionStrategy {
    return this.#options.of(sessionId).compactionStrategy;
  }

  /** The name of the strategy that made this context, which may be the fallback; else of the one in force. */
  strategyOf(context: Context): string {
    return this.#served.get(context) ?? nameOf(this.#options.of().compactionStrategy);
  }

  #compactsAt(sessionId: string, budgetTokens: number, withinTurn: boolean): number {
    const past = this.#threshold(sessionId, withinTurn);
    return compactsAt(this.#session(sessionId), budgetTokens, past);
  }

  /** A share of the budget. */
  #threshold(sessionId: string, withinTurn: boolean): number {
    const { threshold, hardThreshold } = this.#options.of(sessionId);
    return withinTurn ? Math.max(threshold, hardThreshold) : threshold;
  }

  /** What the strategy makes of the context, held to the invariants; `undefined` when it failed, which was reported. */
  async #compact(
    strategy: CompactionStrategy,
    context: Context,
    { sessionId, targetTokens, signal }: CompactionRun,
  ): Promise<Context | undefined> {
    const target = targetTokens === undefined ? {} : { targetTokens };
    const given = deepFreeze({
      messages: [...context.messages],
      metadata: { ...context.metadata, ...target },
    });
    // A model that is asked stops when the user gives up, and when the strategy has ended or takes too long.
    const ended = new AbortController();
    const stopped = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
    const model = sessionId === undefined ? undefined : this.modelOf?.(sessionId, stopped);
    const call = callExtension<Context>(
      {
        kind: 'compaction',
        name: nameOf(strategy),
        fallback: 'recent messages were kept',
        timeoutMs: this.#options.of(sessionId).timeoutMs,
        problem: contextProblem,
        report: (failure) => {
          if (!signal?.aborted) this.#report(strategy, failure, sessionId);
        },
      },
      async () => {
        const answer = await strategy.compact(given, model);
        return contextProblem(answer) === undefined ? enforceInvariants(context, answer) : answer;
      },
    );
    try {
      const compacted = await (signal ? untilAborted(call, signal) : call);
      if (signal?.aborted) throw new AbortedError();
      return compacted && withoutTarget(compacted);
    } finally {
      ended.abort();
    }
  }

  #report(strategy: CompactionStrategy, failure: ExtensionFailure, sessionId: string | undefined): void {
    const { message } = failure;
    const session = sessionId === undefined ? undefined : this.#sessions.get(sessionId);
    if (session?.failed?.strategy === strategy && session.failed.message === message) return;
    if (session) session.failed = { strategy, message };
    this.onExtensionFailure?.(failure, sessionId);
  }

  #find(sessionId: string | undefined): readonly [string, SessionContext] | undefined {
    if (sessionId === undefined) return this.#sessions.entries().next().value;
    const session = this.#sessions.get(sessionId);
    return session && [sessionId, session];
  }

  #session(sessionId: string | undefined): SessionContext {
    const found = this.#find(sessionId);
    if (found) return found[1];
    const nothing = { messages: [], metadata: {}, derived: {} };
    const fresh = { ...nothing, measuredTokens: 0, addedTokens: 0, settledTokens: 0 };
    this.#sessions.set(sessionId ?? 'default', fresh);
    return fresh;
  }
}

/** What compaction could not bring below the threshold is tried again only when it has grown. */
function compactsAt({ settledTokens }: SessionContext, budgetTokens: number, threshold: number): number {
  const growth = Math.min(budgetTokens, settledTokens + budgetTokens * GROWTH_SHARE);
  return Math.max(budgetTokens * threshold, settledTokens > 0 ? growth : 0);
}

interface CompactionRun {
  readonly sessionId: string | undefined;
  readonly targetTokens?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The target was for the strategy alone. */
function withoutTarget(context: Context): Context {
  if (!Object.hasOwn(context.metadata, 'targetTokens')) return context;
  const { targetTokens, ...metadata } = context.metadata;
  return { messages: context.messages, metadata };
}

function nameOf(strategy: CompactionStrategy): string {
  return extensionName(strategy);
}
