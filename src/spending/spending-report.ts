import type { BudgetState, SpendingReport } from '../core/budget.js';
import type { Coordinators, MetricsSnapshot } from '../core/coordinator.js';
import type { AnalyticsStore, Spending } from '../core/store.js';
import { startOfLastDays } from '../storage/local-day.js';

export interface SpendingReportOptions {
  readonly coordinators: Pick<Coordinators, 'analytics' | 'metrics'>;
  readonly store: AnalyticsStore;
  /** Whether the store has what was spent. */
  readonly stored: boolean;
  /** Absolute path. */
  readonly project: string;
  readonly sessionId: string;
  readonly turn: Spending;
  readonly budgets: readonly BudgetState[];
}

/** Reads what a session, today and the project have cost. Rejects with a `StorageError`. */
export async function spendingReport(options: SpendingReportOptions): Promise<SpendingReport> {
  const { coordinators, store, stored, project, sessionId, turn, budgets } = options;
  if (!stored) {
    const session = ofThisProcess(coordinators.metrics.snapshot(sessionId));
    return { turn, session, today: undefined, project: undefined, budgets };
  }
  await coordinators.analytics.flush?.();
  const day = { since: startOfLastDays(1), until: startOfLastDays(0) };
  const [session, today, whole] = await Promise.all([
    store.spending({ sessionId }),
    store.spending(day),
    store.spending({ folder: project }),
  ]);
  return { turn, session, today, project: whole, budgets };
}

function ofThisProcess({ providerCalls, unpricedCalls, usage, costUsd }: MetricsSnapshot): Spending {
  const { totalTokens: _, ...tokens } = usage;
  return { providerCalls, unpricedCalls, ...tokens, costUsd: unpricedCalls < providerCalls ? costUsd : null };
}
