import type { Spending } from './store.js';
import type { TurnLimit } from './turn-limit.js';
import type { Usage } from './usage.js';

/** The settings that limit money: what one request, a local calendar day, and a project may cost. */
export const budgetSettings = ['maxBudgetUsd', 'maxDayUsd', 'maxProjectUsd'] as const;
export type BudgetSetting = (typeof budgetSettings)[number];

/** US dollars each may come to; what is absent is not limited. */
export type BudgetLimits = { readonly [Name in BudgetSetting]?: number };

/** How far one budget is used. */
export interface BudgetState {
  readonly name: BudgetSetting;
  /** US dollars. */
  readonly value: number;
  /** US dollars of the calls with a known price. */
  readonly spentUsd: number;
  /** Calls whose cost nobody knows; they are not in `spentUsd`. */
  readonly unpricedCalls: number;
}

/** US dollars for a usage; `null` when the price is unknown. */
export type CostOf = (usage: Usage) => number | null;

/** The next provider call, before it is made. */
export interface NextCall {
  /** An estimate of everything that is sent. Asked for only where a budget holds. */
  readonly inputTokens: () => number;
  /** Output tokens that would be asked for without a budget. */
  readonly maxTokens: number;
}

/** What the budgets leave for one call. */
export interface CallBudget {
  /**
   * Output tokens that may be asked for of who takes these prices; `undefined` when he may not be asked, because too little
   * is left or his price is unknown.
   */
  outputTokens(cost: CostOf): number | undefined;
  /** What ends the turn where nobody may be asked. */
  limit(): TurnLimit;
}

/** What a turn may cost. */
export interface TurnBudget {
  /** Takes what every process has spent by now into account. Rejects with a `StorageError` when that cannot be read. */
  forCall(call: NextCall): Promise<CallBudget>;
}

/** What was spent on what. */
export interface SpendingReport {
  /** The last request of the session in this process. */
  readonly turn: Spending;
  /** All runs of the session. */
  readonly session: Spending;
  /** Over all projects and processes; `undefined` while analytics are off. */
  readonly today: Spending | undefined;
  readonly project: Spending | undefined;
  readonly budgets: readonly BudgetState[];
}
