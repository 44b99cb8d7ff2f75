import type { BudgetSetting, BudgetState } from './budget.js';

/** The settings that limit what one turn may take, and what each counts. */
const counted = {
  maxTurns: 'provider calls',
  maxToolCalls: 'tool calls',
  maxTotalTokens: 'tokens',
  maxBudgetUsd: 'US dollars',
  maxMinutes: 'minutes',
} as const;

export type LimitSetting = keyof typeof counted;
export const limitSettings = Object.keys(counted) as readonly LimitSetting[];

/** What ended a turn whose reason is `limit`. */
export type TurnLimit =
  | {
      /** The setting that was reached. */
      readonly name: Exclude<LimitSetting, BudgetSetting>;
      readonly value: number;
    }
  | BudgetLimit
  | {
      /** The model went round in a circle, and nobody let it go on. */
      readonly name: 'repeated-call';
      /** How often the same had happened when the turn ended. */
      readonly value: number;
      /** The call that was not run any more, in a few words. */
      readonly call: string;
    };

/** A budget that the next call could cross. What was spent is absent where a chat coordinator of the user's does not say. */
export type BudgetLimit = Pick<BudgetState, 'name' | 'value'> &
  Partial<Pick<BudgetState, 'spentUsd' | 'unpricedCalls'>>;

/** What each budget is for. */
export const budgetScopes: Readonly<Record<BudgetSetting, string>> = {
  maxBudgetUsd: 'one request',
  maxDayUsd: 'today, over all projects',
  maxProjectUsd: 'this project',
};

export function isBudgetLimit(limit: TurnLimit): limit is BudgetLimit {
  return Object.hasOwn(budgetScopes, limit.name);
}

/** One or two sentences that name the limit and its value. */
export function limitSentence(limit: TurnLimit): string {
  if (limit.name === 'repeated-call')
    return `The turn was ended because a call went on having the same result, ${limit.value} times so far: ${limit.call}.`;
  if (isBudgetLimit(limit)) return budgetSentence(limit);
  const { name, value } = limit;
  const what = value === 1 ? counted[name].replace(/s$/, '') : counted[name];
  return `This turn reached its limit of ${value} ${what} (${name}).`;
}

function budgetSentence({ name, value, spentUsd, unpricedCalls = 0 }: BudgetLimit): string {
  const spent =
    spentUsd === undefined ? '' : `: ${dollarText(spentUsd)} of it are spent${unknownText(unpricedCalls)}`;
  const anew = name === 'maxDayUsd' ? ' It begins anew at midnight, local time.' : '';
  const budget = `The budget of ${dollarText(value)} for ${budgetScopes[name]} (${name})`;
  if (spentUsd === 0 && unpricedCalls === 0) return `${budget} is less than this call may cost.${anew}`;
  return `${budget} allows no further call${spent}.${anew}`;
}

/** What is said behind a sum that leaves calls out; nothing when it does not. */
export function unknownText(unpricedCalls: number): string {
  if (unpricedCalls === 0) return '';
  return `, without ${unpricedCalls} ${unpricedCalls === 1 ? 'call' : 'calls'} of unknown cost`;
}

/** `$1.5`, `$0.0042`. */
export function dollarText(amount: number): string {
  return `$${Number(amount.toFixed(amount < 0.01 ? 6 : 4))}`;
}
