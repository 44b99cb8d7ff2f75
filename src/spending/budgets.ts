import type { BudgetLimits, BudgetSetting, BudgetState, CallBudget, TurnBudget } from '../core/budget.js';
import { budgetSettings } from '../core/budget.js';
import type { VictorEvent } from '../core/event.js';
import type { Spending } from '../core/store.js';
import { budgetScopes, dollarText, unknownText } from '../core/turn-limit.js';
import { startOfLastDays } from '../storage/local-day.js';
import { affordableTokens } from './affordable-tokens.js';
import {
  type SharedBudget,
  SharedSpending,
  type SharedSpendingOptions,
  type Spent,
} from './shared-spending.js';

export interface BudgetsOptions extends SharedSpendingOptions {
  readonly warn: (text: string, sessionId: string) => void;
}

/** Per cent of a budget from which the user is warned. */
const WARNING_PERCENT = 80;
/** Sums of binary fractions are a little off. */
const TINY = 1e-9;

interface RunningRequest {
  readonly limits: BudgetLimits;
  spentUsd: number;
  unpricedCalls: number;
  /** What of the request alone was warned about. */
  readonly warned: Set<string>;
}

/**
 * Keeps the budgets: knows what the running requests, today and the project have cost, allows a call what is left, and
 * warns once when most of a budget is used. A request without a budget costs no look into the store.
 */
export class Budgets {
  readonly #with: BudgetsOptions;
  readonly #shared: SharedSpending;
  readonly #running = new Map<string, RunningRequest>();
  readonly #warned = new Set<string>();

  constructor(options: BudgetsOptions) {
    this.#with = options;
    this.#shared = new SharedSpending(options);
  }

  /** A request of the user begins; `undefined` when nothing limits what it costs. */
  begin(sessionId: string, limits: BudgetLimits): TurnBudget | undefined {
    if (budgetSettings.every((name) => limits[name] === undefined)) return undefined;
    this.#running.set(sessionId, { limits, spentUsd: 0, unpricedCalls: 0, warned: new Set() });
    return this.of(sessionId);
  }

  end(sessionId: string): void {
    this.#running.delete(sessionId);
  }

  /** The budget of the request that runs in this session, if it has one. */
  of(sessionId: string): TurnBudget | undefined {
    const request = this.#running.get(sessionId);
    return request && { forCall: (call) => this.#forCall(sessionId, request, call) };
  }

  /** To be told of every event, in order. */
  record(event: VictorEvent): void {
    if (event.type !== 'request-end' || this.#running.size === 0) return;
    if ([...this.#running.values()].some(({ limits }) => sharedOf(limits).length > 0))
      this.#shared.add(event);
    const request = this.#running.get(event.sessionId);
    if (!request) return;
    if (event.costUsd === null) request.unpricedCalls += 1;
    else request.spentUsd += event.costUsd;
    this.#warn(event.sessionId, request);
  }

  /** How far these budgets are used now, when the last request has come to so much. Rejects with a `StorageError`. */
  async states(limits: BudgetLimits, request: Spending): Promise<readonly BudgetState[]> {
    const shared = sharedOf(limits);
    if (shared.length > 0) await this.#shared.read(shared);
    return this.#states({ spentUsd: request.costUsd ?? 0, unpricedCalls: request.unpricedCalls, limits });
  }

  async #forCall(
    sessionId: string,
    request: RunningRequest,
    call: Parameters<TurnBudget['forCall']>[0],
  ): Promise<CallBudget> {
    const shared = sharedOf(request.limits);
    if (shared.length > 0) await this.#shared.read(shared);
    this.#warn(sessionId, request);
    const left = leftOf(this.#tightest(request));
    const planned = { inputTokens: call.inputTokens(), maxTokens: call.maxTokens };
    return {
      outputTokens: (cost) => affordableTokens(planned, left, cost),
      limit: () => this.#tightest(request),
    };
  }

  #tightest(request: RunningRequest): BudgetState {
    return this.#states(request).reduce((a, b) => (leftOf(b) < leftOf(a) ? b : a));
  }

  #states(request: Spent & Pick<RunningRequest, 'limits'>): readonly BudgetState[] {
    return budgetSettings.flatMap((name) => {
      const value = request.limits[name];
      if (value === undefined) return [];
      const { spentUsd, unpricedCalls } = name === 'maxBudgetUsd' ? request : this.#shared.spent(name);
      return { name, value, spentUsd, unpricedCalls };
    });
  }

  #warn(sessionId: string, request: RunningRequest): void {
    for (const { name, value, spentUsd, unpricedCalls } of this.#states(request)) {
      const percent = Math.floor((spentUsd / value) * 100 + TINY);
      if (percent < WARNING_PERCENT) continue;
      const warned = name === 'maxBudgetUsd' ? request.warned : this.#warned;
      // A new day, or a raised budget, can be used up anew.
      const crossing = `${name} ${value} ${name === 'maxDayUsd' ? startOfLastDays(1) : ''}`;
      if (warned.has(crossing)) continue;
      warned.add(crossing);
      const spent = `${dollarText(spentUsd)} of ${dollarText(value)}${unknownText(unpricedCalls)}`;
      this.#with.warn(
        `${percent} % of the budget for ${budgetScopes[name]} (${name}) is used: ${spent}.`,
        sessionId,
      );
    }
  }
}

function leftOf({ value, spentUsd }: BudgetState): number {
  return value - spentUsd;
}

function sharedOf(limits: BudgetLimits): readonly SharedBudget[] {
  return (['maxDayUsd', 'maxProjectUsd'] satisfies BudgetSetting[]).filter(
    (name) => limits[name] !== undefined,
  );
}
