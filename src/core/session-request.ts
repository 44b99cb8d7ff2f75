import type { CallBudget } from './budget.js';
import type { EventBody } from './event.js';
import type { ProviderEvent, ProviderRequest } from './provider.js';

export interface CurrentProvider {
  readonly provider: string;
  readonly model: string;
  readonly contextWindow: number;
}

/** One request of a session, to whoever answers it. */
export interface SessionRequest extends Omit<ProviderRequest, 'model'> {
  readonly sessionId: string;
  /** The last answer broke off after something was said, and this asks for the rest of it. */
  readonly continues?: boolean;
  /** What it may cost. Who cannot be paid from it, or has no known price, is not asked; without anybody left it is a `LimitError`. */
  readonly budget?: CallBudget;
  /** Requests that a lasting fault may take here, where it is to be fewer than the setting says. */
  readonly attempts?: number;
}

/** Retries, and answers by another provider, are told to the loop as events of the stream. */
export type ProviderCoordinatorEvent =
  | ProviderEvent
  /** US dollars, of whoever answered; absent where `cost` says it, `null` when the price is unknown. */
  | (Extract<ProviderEvent, { type: 'end' }> & { readonly costUsd?: number | null })
  | Extract<EventBody, { type: 'request-retry' | 'provider-fallback' }>;
