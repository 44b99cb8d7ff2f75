import { setTimeout as sleep } from 'node:timers/promises';
import type { CallBudget } from '../core/budget.js';
import type * as contract from '../core/coordinator.js';
import type { CurrentProvider, ProviderCoordinatorEvent } from '../core/coordinator.js';
import { messageOf } from '../core/describe-failure.js';
import { AbortedError, errorData, LimitError, ProviderError, VictorError } from '../core/errors.js';
import type { ExplainsProvider } from '../core/explains.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import type { Provider } from '../core/provider.js';
import { itemsUntilAborted } from '../core/until-aborted.js';
import { costUsd, type Price, type Usage } from '../core/usage.js';
import { AttemptPlan } from '../providers/attempt-plan.js';
import { CircuitBreaker } from '../providers/circuit-breaker.js';

export interface ProviderAndModel {
  readonly provider: Provider;
  readonly model: string;
}

export interface ProviderCoordinatorOptions extends ProviderAndModel {
  /** Finds the provider that `switchTo` names: `provider/model`, a provider, or a model of the current provider. */
  readonly resolve: (name: string, current: ProviderAndModel) => Promise<ProviderAndModel>;
  /** Tokens a model can see. */
  readonly contextWindow: (model: string) => number;
  readonly prices?: Readonly<Record<string, Price>>;
  /** What a provider asks for a model when `prices` does not say; `undefined` when nobody knows. */
  readonly listPrice?: (provider: string, model: string) => Price | undefined;
  /** Who is asked when the chosen one cannot answer, in this order. */
  readonly fallback?: readonly ProviderAndModel[];
  /** Requests that one lasting fault may take, the first included, over all providers; 6 when absent. */
  readonly attempts?: number | undefined;
  /** Milliseconds to go on trying after that, while the fault is one that may pass; none when absent or 0. */
  readonly patientMs?: number | undefined;
}

/** The candidates of one answer, and how far it has come with them. */
interface Run {
  readonly sessionId: string;
  /** Not the answer itself: something its turn needs, which has a stand-in. */
  readonly isAside: boolean;
  readonly candidates: readonly ProviderAndModel[];
  readonly plan: AttemptPlan;
}

const MOST_ATTEMPTS = 6;

/**
 * Knows who answers each session. What fails before it said anything is asked again, and then somebody else is: a lasting
 * fault costs a bounded number of requests over all providers.
 */
export class ProviderCoordinator
  implements contract.ProviderCoordinator, contract.Configurable<ProviderCoordinatorOptions>, ExplainsProvider
{
  readonly #options: LiveOptions<ProviderCoordinatorOptions>;
  readonly #sessions = new Map<string, ProviderAndModel>();
  /** Answers that broke off after something was said. */
  readonly #broken = new Map<string, { readonly run: Run; readonly error: VictorError }>();
  /** Requests that a side question of the turn, such as a summary, lost to a fault: its answer has as many fewer. */
  readonly #spent = new Map<string, number>();
  readonly #breaker = new CircuitBreaker();

  constructor(options: ProviderCoordinatorOptions) {
    this.#options = new LiveOptions(options);
  }

  /** Sessions that were switched keep their provider and model. */
  configure(change: Partial<ProviderCoordinatorOptions>, running?: RunningTurns): void {
    this.#options.configure(change, running);
  }

  /** Who would be asked now: a fallback, while the chosen one is left alone. */
  current(sessionId?: string): CurrentProvider {
    const { provider, model } = this.#candidates(sessionId)[0]!;
    return {
      provider: provider.name,
      model,
      contextWindow: this.#options.of(sessionId).contextWindow(model),
    };
  }

  /** Who would be asked if nobody had to be left alone. */
  chosen(sessionId?: string): string {
    return nameOf(this.#chosen(sessionId));
  }

  async switchTo(name: string, sessionId?: string): Promise<CurrentProvider> {
    if (sessionId === undefined) throw new TypeError('A provider is switched for one session: pass its id.');
    const now = this.#candidates(sessionId)[0]!;
    this.#sessions.set(sessionId, await this.#options.of(sessionId).resolve(name, now));
    return this.current(sessionId);
  }

  cost(usage: Usage, sessionId?: string): number | null {
    return this.#cost(usage, this.#candidates(sessionId)[0]!, sessionId);
  }

  #cost(usage: Usage, { provider, model }: ProviderAndModel, sessionId: string | undefined): number | null {
    if (provider.free === true) return 0;
    const { prices = {}, listPrice } = this.#options.of(sessionId);
    const own = prices[`${provider.name}/${model}`] ?? prices[model];
    return costUsd(usage, own ?? listPrice?.(provider.name, model));
  }

  async *stream(
    request: contract.SessionRequest,
    signal: AbortSignal,
  ): AsyncIterable<ProviderCoordinatorEvent> {
    const { sessionId, continues = false, budget, attempts, ...rest } = request;
    const broken = this.#broken.get(sessionId);
    this.#broken.delete(sessionId);
    // What is asked to go on after a break costs of the same attempts.
    let run = continues ? broken?.run : undefined;
    if (run && broken) yield* this.#next(run, broken.error, signal);
    else run = this.#start(sessionId, budget, attempts);
    for (;;) {
      const chosen = run.candidates[run.plan.candidate]!;
      const { provider, model } = chosen;
      let said = false;
      const costOf = (usage: Usage) => this.#cost(usage, chosen, sessionId);
      const maxTokens = budget ? budget.outputTokens(costOf) : rest.maxTokens;
      if (maxTokens === undefined) throw new LimitError(budget!.limit());
      try {
        for await (const event of itemsUntilAborted(
          provider.stream({ ...rest, maxTokens, model }, signal),
          signal,
        )) {
          said ||= event.type === 'text-delta' || event.type === 'tool-call';
          if (event.type !== 'end') yield event;
          else yield { ...event, costUsd: event.usage ? costOf(event.usage) : null };
        }
        this.#breaker.close(nameOf(chosen));
        return;
      } catch (error) {
        if (signal.aborted) throw new AbortedError(undefined, { cause: error });
        const failure = typed(error, provider.name);
        // What was said cannot be taken back: the loop keeps it, and may ask for the rest.
        if (said) {
          this.#broken.set(sessionId, { run, error: failure });
          throw failure;
        }
        yield* this.#next(run, failure, signal);
      }
    }
  }

  #start(sessionId: string, budget: CallBudget | undefined, most = MOST_ATTEMPTS): Run {
    const options = this.#options.of(sessionId);
    const isAside = most < MOST_ATTEMPTS;
    const spent = isAside ? 0 : (this.#spent.get(sessionId) ?? 0);
    if (!isAside) this.#spent.delete(sessionId);
    const attempts = Math.max(1, Math.min(most, (options.attempts ?? MOST_ATTEMPTS) - spent));
    // What has a stand-in is not waited for.
    const patientMs = isAside ? 0 : (options.patientMs ?? 0);
    const candidates = this.#candidates(sessionId, budget);
    const alone = candidates.length === 1;
    const isDoubtful = (one: ProviderAndModel) =>
      alone ? this.#breaker.isOpen(nameOf(one)) : this.#breaker.isDoubtful(nameOf(one));
    const doubtful = new Set(candidates.flatMap((one, index) => (isDoubtful(one) ? [index] : [])));
    const patientUntil = performance.now() + patientMs;
    const plan = new AttemptPlan({ candidates: candidates.length, attempts, doubtful, patientUntil });
    return { sessionId, isAside, candidates, plan };
  }

  /** Waits for the next attempt, or throws the failure when none is left. */
  async *#next(
    { sessionId, isAside, candidates, plan }: Run,
    error: VictorError,
    signal: AbortSignal,
  ): AsyncGenerator<ProviderCoordinatorEvent, void> {
    const failed = candidates[plan.candidate]!;
    const next = plan.failed(error);
    const chosen = next && candidates[next.candidate]!;
    if (chosen !== failed && isFaultOfProvider(error)) this.#breaker.open(nameOf(failed), error.retryAfterMs);
    if (!next || !chosen) {
      if (isAside) this.#spent.set(sessionId, plan.failures);
      throw error;
    }
    if (chosen !== failed) {
      yield { type: 'provider-fallback', from: nameOf(failed), to: nameOf(chosen), error: errorData(error) };
    }
    if (chosen !== failed && next.waitMs === 0) return;
    yield {
      type: 'request-retry',
      provider: chosen.provider.name,
      attempt: plan.failures,
      waitMs: next.waitMs,
      error: errorData(error),
    };
    await sleep(next.waitMs, undefined, { signal }).catch(() => {
      throw new AbortedError();
    });
  }

  /**
   * Who can be asked, best first: the session's own choice, then the fallbacks; not those that are to be left alone, while
   * others are left. Under a budget nobody who is too dear, or whose price is unknown: what he cost would never be counted.
   */
  #candidates(sessionId: string | undefined, budget?: CallBudget): readonly ProviderAndModel[] {
    const { fallback = [] } = this.#options.of(sessionId);
    const chosen = this.#chosen(sessionId);
    const others = fallback.filter((one) => nameOf(one) !== nameOf(chosen));
    const payable = (one: ProviderAndModel) =>
      !budget || budget.outputTokens((usage) => this.#cost(usage, one, sessionId)) !== undefined;
    const all = [chosen, ...others].filter(payable);
    if (budget && all.length === 0) throw new LimitError(budget.limit());
    const closed = all.filter((one) => !this.#breaker.isOpen(nameOf(one)));
    return closed.length > 0 ? closed : all;
  }

  #chosen(sessionId: string | undefined): ProviderAndModel {
    const chosen = sessionId === undefined ? undefined : this.#sessions.get(sessionId);
    return chosen ?? this.#options.of(sessionId);
  }
}

/** A provider of the user's may throw anything. */
function typed(error: unknown, provider: string): VictorError {
  if (error instanceof VictorError) return error;
  const message = messageOf(error);
  const advice = 'Correct the provider, or choose another one with /model or --model.';
  return new ProviderError('protocol', `The provider ${provider} failed: ${message}`, {
    provider,
    advice,
    cause: error,
  });
}

/** Another request would meet the same fault; one of another kind would not. */
function isFaultOfProvider(error: VictorError): error is ProviderError {
  if (!(error instanceof ProviderError) || error.kind === 'context-length') return false;
  return error.kind !== 'invalid-request' || error.status === 404;
}

function nameOf({ provider, model }: ProviderAndModel): string {
  return `${provider.name}/${model}`;
}
