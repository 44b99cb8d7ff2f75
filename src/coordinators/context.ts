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
import type { CompactionStrategy, ExtensionFailure } from '../core/extension.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import type { Message } from '../core/message.js';
import { estimateTokens } from '../core/tokens.js';
import { untilAborted } from '../core/until-aborted.js';

export interface ContextCoordinatorOptions {
  readonly compactionStrategy?: CompactionStrategy;
  /** Share of the token budget past which `fit` compacts; 0.8 when absent. */
  readonly threshold?: number;
  /** Milliseconds a strategy may take; 60,000 when absent, because it may ask a model. */
  readonly timeoutMs?: number;
}

interface SessionContext {
  messages: readonly Message[];
  metadata: Context['metadata'];
  /** What the provider said the first `measuredMessages` messages weigh. */
  measuredTokens: number;
  measuredMessages: number;
  /** Tokens that automatic compaction left the last time. */
  settledTokens: number;
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
    contract.ReportsExtensionFailures
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
      metadata: Object.freeze({ ...currentTask(session.messages), ...session.metadata }),
    });
    this.#owners.set(context, id);
    return context;
  }

  append(messages: readonly Message[], sessionId?: string): void {
    const session = this.#session(sessionId);
    session.messages = Object.freeze([...session.messages, ...messages.map(deepFreeze)]);
  }

  replace(context: Context, sessionId?: string): void {
    const session = this.#session(sessionId);
    // A task that was only the latest message is not kept: the next message is the next task.
    const { currentTask: task, ...rest } = context.metadata;
    const derived = [session.messages, context.messages].map((all) => currentTask(all).currentTask);
    session.metadata = task === undefined || derived.includes(task) ? rest : context.metadata;
    session.messages = Object.freeze(context.messages.map(deepFreeze));
    session.measuredTokens = 0;
    session.measuredMessages = 0;
    session.settledTokens = 0;
  }

  observe(tokens: number, sessionId: string): void {
    const session = this.#session(sessionId);
    session.measuredTokens = tokens;
    session.measuredMessages = session.messages.length;
  }

  async compactContext(context: Context): Promise<Context> {
    const sessionId = this.#owners.get(context);
    for (const strategy of [this.#options.of(sessionId).compactionStrategy, lastResorts[0]!]) {
      const compacted = await this.#compact(strategy, context, { sessionId });
      if (!compacted) continue;
      this.#served.set(compacted, nameOf(strategy));
      return compacted;
    }
    return context;
  }

  async fit(sessionId: string, budgetTokens: number, signal?: AbortSignal): Promise<Compaction | undefined> {
    const { compactionStrategy, threshold } = this.#options.of(sessionId);
    if (compactionStrategy.automatic === false) return undefined;
    const session = this.#session(sessionId);
    const before = this.#tokens(session);
    const growth = Math.min(budgetTokens, session.settledTokens + budgetTokens * GROWTH_SHARE);
    if (before <= Math.max(budgetTokens * threshold, session.settledTokens > 0 ? growth : 0))
      return undefined;
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

  reset(sessionId?: string): void {
    const [id] = this.#find(sessionId) ?? [];
    if (id !== undefined) this.replace(emptyContext, id);
  }

  /** The name of the strategy that made this context, which may be the fallback; else of the one in force. */
  strategyOf(context: Context): string {
    return this.#served.get(context) ?? nameOf(this.#options.of().compactionStrategy);
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
          if (!signal?.aborted) this.onExtensionFailure?.(failure, sessionId);
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

  #tokens(session: SessionContext): number {
    return session.measuredTokens + estimateTokens(session.messages.slice(session.measuredMessages));
  }

  #find(sessionId: string | undefined): readonly [string, SessionContext] | undefined {
    if (sessionId === undefined) return this.#sessions.entries().next().value;
    const session = this.#sessions.get(sessionId);
    return session && [sessionId, session];
  }

  #session(sessionId: string | undefined): SessionContext {
    const found = this.#find(sessionId);
    if (found) return found[1];
    const fresh = { messages: [], metadata: {}, measuredTokens: 0, measuredMessages: 0, settledTokens: 0 };
    this.#sessions.set(sessionId ?? 'default', fresh);
    return fresh;
  }
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
