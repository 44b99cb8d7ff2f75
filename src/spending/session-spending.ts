import type { Settings } from '../config/schema.js';
import type { BudgetLimits, SpendingReport, TurnBudget } from '../core/budget.js';
import type { Coordinators } from '../core/coordinator.js';
import type { VictorEvent } from '../core/event.js';
import type { AnalyticsStore } from '../core/store.js';
import { startOfLastDays } from '../storage/local-day.js';
import { Budgets } from './budgets.js';
import { SharedSpending, type Spent } from './shared-spending.js';
import { spendingReport } from './spending-report.js';
import { TurnTotals } from './turn-totals.js';

export interface SessionSpendingOptions {
  readonly coordinators: Pick<Coordinators, 'analytics' | 'metrics'>;
  readonly store: AnalyticsStore;
  /** Absolute path: what the sessions started there or below it cost is what the project costs. */
  readonly project: string;
  readonly warn: (text: string, sessionId: string) => void;
}

/** What sessions, today and the project have cost, and what budgets leave for the next call. */
export class SessionSpending {
  readonly #with: SessionSpendingOptions;
  readonly #budgets: Budgets;
  readonly #today: SharedSpending;
  readonly #turns = new TurnTotals();

  constructor(options: SessionSpendingOptions) {
    this.#with = options;
    const shared = {
      store: options.store,
      analytics: options.coordinators.analytics,
      project: options.project,
    };
    this.#budgets = new Budgets({ ...shared, warn: options.warn });
    this.#today = new SharedSpending(shared);
  }

  /** To be told of every event, in order. */
  record(event: VictorEvent): void {
    this.#budgets.record(event);
    this.#turns.record(event);
  }

  /** A request of the user begins; `undefined` when nothing limits what it costs. */
  begin(sessionId: string, limits: BudgetLimits): TurnBudget | undefined {
    return this.#budgets.begin(sessionId, limits);
  }

  end(sessionId: string): void {
    this.#budgets.end(sessionId);
  }

  /** The budget of the request that runs in this session, if it has one. */
  budgetOf(sessionId: string): TurnBudget | undefined {
    return this.#budgets.of(sessionId);
  }

  /** What the session, today and the project have cost, and how far the budgets are used. Rejects with a `StorageError`. */
  async report(settings: Settings, sessionId: string): Promise<SpendingReport> {
    const { coordinators, store, project } = this.#with;
    const turn = this.#turns.of(sessionId);
    const stored = settings.analytics.enabled;
    const budgets = await this.#budgets.states(settings, turn);
    return spendingReport({ coordinators, store, stored, project, sessionId, turn, budgets });
  }

  /** What today has cost so far, in every process that writes to this store. Rejects with a `StorageError`. */
  async today(): Promise<Spent & { readonly until: number }> {
    await this.#with.coordinators.analytics.flush?.();
    // Tomorrow's first moment.
    const until = startOfLastDays(0);
    await this.#today.read(['maxDayUsd']);
    return { until, ...this.#today.spent('maxDayUsd') };
  }
}
