import { contextProblem, enforceInvariants } from '../compaction/enforce-invariants.js';
import { createRecentStrategy } from '../compaction/recent.js';
import { callExtension } from '../core/call-extension.js';
import { type Context, emptyContext } from '../core/context.js';
import type * as contract from '../core/coordinator.js';
import type { Compaction } from '../core/coordinator.js';
import { currentTask } from '../core/current-task.js';
import { deepFreeze } from '../core/deep-freeze.js';
import { ContextOverflowError } from '../core/errors.js';
import type { CompactionStrategy, ExtensionFailure } from '../core/extension.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import type { Message } from '../core/message.js';
import { estimateTokens } from '../core/tokens.js';

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
}

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
    contract.ReportsExtensionFailures
{
  onExtensionFailure?: (failure: ExtensionFailure, sessionId?: string) => void;
  readonly #options: LiveOptions<Required<ContextCoordinatorOptions>>;
  readonly #sessions = new Map<string, SessionContext>();

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
    const session = this.#find(sessionId);
    if (!session) return emptyContext;
    return Object.freeze({
      messages: session.messages,
      metadata: Object.freeze({ ...currentTask(session.messages), ...session.metadata }),
    });
  }

  append(messages: readonly Message[], sessionId?: string): void {
    const session = this.#session(sessionId);
    session.messages = Object.freeze([...session.messages, ...messages.map(deepFreeze)]);
  }

  replace(context: Context, sessionId?: string): void {
    const session = this.#session(sessionId);
    session.messages = Object.freeze(context.messages.map(deepFreeze));
    session.metadata = context.metadata;
    session.measuredTokens = 0;
    session.measuredMessages = 0;
  }

  observe(tokens: number, sessionId: string): void {
    const session = this.#session(sessionId);
    session.measuredTokens = tokens;
    session.measuredMessages = session.messages.length;
  }

  async compactContext(context: Context): Promise<Context> {
    return (
      (await this.#compact(this.#options.of().compactionStrategy, context)) ??
      (await this.#compact(lastResorts[0]!, context)) ??
      context
    );
  }

  async fit(sessionId: string, budgetTokens: number): Promise<Compaction | undefined> {
    const { compactionStrategy, threshold } = this.#options.of(sessionId);
    if (compactionStrategy.automatic === false) return undefined;
    const session = this.#session(sessionId);
    const before = this.#tokens(session);
    if (before <= budgetTokens * threshold) return undefined;
    // How far the estimate is off; no compaction touches that.
    const offset = before - estimateTokens(session.messages);
    const original = this.getContext(sessionId);
    for (const strategy of [compactionStrategy, ...lastResorts]) {
      const context = await this.#compact(strategy, original, sessionId);
      if (!context) continue;
      const tokens = estimateTokens(context.messages) + offset;
      if (tokens > budgetTokens) continue;
      if (context === original) return undefined;
      this.replace({ messages: context.messages, metadata: session.metadata }, sessionId);
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
    const session = this.#find(sessionId);
    if (session) this.replace(emptyContext, sessionId);
  }

  /** The name of the strategy in force, for reports. */
  get strategyName(): string {
    return nameOf(this.#options.of().compactionStrategy);
  }

  async #compact(
    strategy: CompactionStrategy,
    context: Context,
    sessionId?: string,
  ): Promise<Context | undefined> {
    const frozen = deepFreeze({ messages: [...context.messages], metadata: { ...context.metadata } });
    const answer = await callExtension<Context>(
      {
        kind: 'compaction',
        name: nameOf(strategy),
        fallback: 'recent messages were kept',
        timeoutMs: this.#options.of(sessionId).timeoutMs,
        problem: contextProblem,
        report: (failure) => this.onExtensionFailure?.(failure, sessionId),
      },
      () => strategy.compact(frozen),
    );
    return answer && enforceInvariants(context, answer);
  }

  #tokens(session: SessionContext): number {
    return session.measuredTokens + estimateTokens(session.messages.slice(session.measuredMessages));
  }

  #find(sessionId: string | undefined): SessionContext | undefined {
    return sessionId === undefined ? this.#sessions.values().next().value : this.#sessions.get(sessionId);
  }

  #session(sessionId: string | undefined): SessionContext {
    const found = this.#find(sessionId);
    if (found) return found;
    const fresh = { messages: [], metadata: {}, measuredTokens: 0, measuredMessages: 0 };
    this.#sessions.set(sessionId ?? 'default', fresh);
    return fresh;
  }
}

function nameOf(strategy: CompactionStrategy): string {
  return strategy.name ?? strategy.constructor.name;
}
