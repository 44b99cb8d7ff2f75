import { analyticsEvent } from '../core/analytics-event.js';
import type { AnalyticsCoordinator } from '../core/coordinator.js';
import type { EventOf } from '../core/event.js';
import type { AnalyticsStore } from '../core/store.js';
import { startOfLastDays } from '../storage/local-day.js';
import { StoredTotal } from './stored-total.js';

export type SharedBudget = 'maxDayUsd' | 'maxProjectUsd';

export interface SharedSpendingOptions {
  readonly store: AnalyticsStore;
  readonly analytics: Pick<AnalyticsCoordinator, 'flush'>;
  /** Absolute path: what the sessions started there or below it cost is what the project costs. */
  readonly project: string;
}

export interface Spent {
  readonly spentUsd: number;
  readonly unpricedCalls: number;
}

/** What today and the project have cost, over every process that writes to this store. */
export class SharedSpending {
  readonly #with: SharedSpendingOptions;
  readonly #project: StoredTotal;
  #today: { readonly since: number; readonly total: StoredTotal } | undefined;
  /** Calls of this process that the totals do not have yet. */
  #own: EventOf<'request-end'>[] = [];
  #reading: Promise<void> = Promise.resolve();

  constructor(options: SharedSpendingOptions) {
    this.#with = options;
    this.#project = new StoredTotal(options.store, { folder: options.project });
  }

  add(call: EventOf<'request-end'>): void {
    this.#own.push(call);
  }

  /** Stores what this process has spent, and reads what is new. Rejects with a `StorageError` when nothing can be read. */
  read(which: readonly SharedBudget[]): Promise<void> {
    const reading = this.#reading.catch(() => {}).then(() => this.#read(which));
    this.#reading = reading;
    return reading;
  }

  /** As far as it was read, with the calls of this process since then. */
  spent(which: SharedBudget): Spent {
    const total = which === 'maxProjectUsd' ? this.#project : this.#today?.total;
    const since = which === 'maxProjectUsd' ? 0 : startOfLastDays(1);
    const stale = which === 'maxDayUsd' && this.#today?.since !== since;
    const own = this.#own.filter(({ timestamp }) => timestamp >= since);
    const known = own.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
    return {
      spentUsd: (stale ? 0 : (total?.costUsd ?? 0)) + known,
      unpricedCalls:
        (stale ? 0 : (total?.unpricedCalls ?? 0)) + own.filter(({ costUsd }) => costUsd === null).length,
    };
  }

  async #read(which: readonly SharedBudget[]): Promise<void> {
    const since = startOfLastDays(1);
    if (this.#today?.since !== since) {
      const query = { since, until: startOfLastDays(0) };
      this.#today = { since, total: new StoredTotal(this.#with.store, query) };
    }
    const own = [...this.#own];
    const stored = own.length === 0 || (await this.#save(own));
    if (which.includes('maxDayUsd')) await this.#today.total.read();
    if (which.includes('maxProjectUsd')) await this.#project.read();
    if (stored) this.#own = this.#own.filter((call) => !own.includes(call));
  }

  /** Whether these calls are stored. What cannot be stored goes on counting for this process alone. */
  async #save(own: readonly EventOf<'request-end'>[]): Promise<boolean> {
    const { store, analytics } = this.#with;
    try {
      if (await analytics.flush?.()) return true;
      // The same event twice counts once.
      await store.appendEvents(own.flatMap((call) => analyticsEvent(call) ?? []));
      return true;
    } catch {
      return false;
    }
  }
}
