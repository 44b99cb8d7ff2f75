import { setTimeout as sleep } from 'node:timers/promises';
import type * as contract from '../core/coordinator.js';
import type { CurrentProvider, ProviderCoordinatorEvent } from '../core/coordinator.js';
import { messageOf } from '../core/describe-failure.js';
import { AbortedError, errorData, ProviderError, VictorError } from '../core/errors.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import type { Provider, ProviderRequest } from '../core/provider.js';
import { itemsUntilAborted } from '../core/until-aborted.js';
import { costUsd, type Price, type Usage } from '../core/usage.js';

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
  /** Attempts per request, the first included; 3 when absent. */
  readonly attempts?: number;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Knows who answers each session, and asks again when a provider stumbles before it said anything. */
export class ProviderCoordinator
  implements contract.ProviderCoordinator, contract.Configurable<ProviderCoordinatorOptions>
{
  readonly #options: LiveOptions<ProviderCoordinatorOptions>;
  readonly #sessions = new Map<string, ProviderAndModel>();

  constructor(options: ProviderCoordinatorOptions) {
    this.#options = new LiveOptions(options);
  }

  /** Sessions that were switched keep their provider and model. */
  configure(change: Partial<ProviderCoordinatorOptions>, running?: RunningTurns): void {
    this.#options.configure(change, running);
  }

  current(sessionId?: string): CurrentProvider {
    const { provider, model } = this.#of(sessionId);
    return {
      provider: provider.name,
      model,
      contextWindow: this.#options.of(sessionId).contextWindow(model),
    };
  }

  async switchTo(name: string, sessionId?: string): Promise<CurrentProvider> {
    if (sessionId === undefined) throw new TypeError('A provider is switched for one session: pass its id.');
    this.#sessions.set(sessionId, await this.#options.of(sessionId).resolve(name, this.#of(sessionId)));
    return this.current(sessionId);
  }

  cost(usage: Usage, sessionId?: string): number | null {
    const { provider, model } = this.#of(sessionId);
    if (provider.free === true) return 0;
    const prices = this.#options.of(sessionId).prices ?? {};
    return costUsd(usage, prices[`${provider.name}/${model}`] ?? prices[model]);
  }

  async *stream(
    request: Omit<ProviderRequest, 'model'> & { readonly sessionId: string },
    signal: AbortSignal,
  ): AsyncIterable<ProviderCoordinatorEvent> {
    const { sessionId, ...rest } = request;
    const { provider, model } = this.#of(sessionId);
    const attempts = this.#options.of(sessionId).attempts ?? 3;
    for (let attempt = 1; ; attempt++) {
      let said = false;
      try {
        for await (const event of itemsUntilAborted(provider.stream({ ...rest, model }, signal), signal)) {
          said = true;
          yield event;
        }
        return;
      } catch (error) {
        if (signal.aborted) throw new AbortedError(undefined, { cause: error });
        // What was said cannot be taken back, so a stream that broke half-way is not asked again.
        if (said || attempt >= attempts || !(error instanceof ProviderError) || !error.retryable)
          throw typed(error, provider.name);
        const waitMs = waitBefore(attempt, error.retryAfterMs);
        yield { type: 'request-retry', provider: provider.name, attempt, waitMs, error: errorData(error) };
        await sleep(waitMs, undefined, { signal }).catch(() => {
          throw new AbortedError();
        });
      }
    }
  }

  #of(sessionId: string | undefined): ProviderAndModel {
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

/** Exponential backoff with full jitter, unless the provider said how long to wait. */
function waitBefore(attempt: number, retryAfterMs: number | undefined): number {
  if (retryAfterMs !== undefined) return Math.min(Math.max(retryAfterMs, 0), LONGEST_WAIT_MS);
  return Math.round(FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
}
