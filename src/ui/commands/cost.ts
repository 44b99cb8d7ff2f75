import type { BudgetSetting, BudgetState, CostOf } from '../../core/budget.js';
import type { Spending } from '../../core/store.js';
import { unknownText } from '../../core/turn-limit.js';
import { usage } from '../../core/usage.js';
import { dollars, duration, tokenCount } from '../displayable.js';
import { type Command, output } from './command.js';

const tiers = [
  ['inputTokens', 'tokens in'],
  ['outputTokens', 'out'],
  ['cacheReadTokens', 'from cache'],
  ['cacheWriteTokens', 'to cache'],
] as const;

const budgetNames: Readonly<Record<BudgetSetting, string>> = {
  maxBudgetUsd: 'request',
  maxDayUsd: 'today',
  maxProjectUsd: 'project',
};

const BAR_CELLS = 20;

export const cost: Command = {
  name: 'cost',
  describe: 'tokens and money of this turn, session, day and project, and what is left of your budgets',
  async run({ port, sessionId }) {
    const { metrics, provider } = port.coordinators;
    const counted = metrics.snapshot(sessionId);
    const hour = counted.usage.cacheWrite1hTokens;
    const { turn, session, today, project, budgets } = await port.spending(sessionId);
    const costOf: CostOf = (one) => provider.cost(one, sessionId);
    return output('Cost', [
      `turn      ${spendingText(turn, costOf)}`,
      `session   ${spendingText(session, costOf)}`,
      `today     ${spendingText(today, costOf)}`,
      `project   ${spendingText(project, costOf)}`,
      ...(budgets.length === 0 ? [] : ['budgets', ...budgets.map(budgetLine)]),
      'since Victor started, in this session',
      `calls     ${counted.providerCalls} to the model (${duration(counted.providerMs)}), ` +
        `${counted.toolCalls} to tools (${duration(counted.toolMs)}), ${counted.toolErrors} failed, ${counted.denials} refused`,
      `turns     ${counted.turns}`,
      ...(hour ? [`cache     ${tokenCount(hour)} tokens written for an hour`] : []),
    ]);
  },
};

function spendingText(spending: Spending | undefined, costOf: CostOf): string {
  if (!spending) return 'unknown: analytics.enabled is false';
  const money = tierMoney(spending, costOf);
  const tokens = tiers.map(([tier, name], index) => {
    const paid = spending[tier] > 0 && money ? ` (${dollars(money[index]!)})` : '';
    return `${tokenCount(spending[tier])} ${name}${paid}`;
  });
  return `${moneyText(spending)}: ${tokens.join(', ')}`;
}

/** What is unknown is never a zero. */
function moneyText({ costUsd, unpricedCalls, providerCalls }: Spending): string {
  if (providerCalls === 0) return dollars(0);
  if (unpricedCalls === 0) return dollars(costUsd ?? 0);
  const unknown = `${unpricedCalls} of ${providerCalls} ${providerCalls === 1 ? 'call' : 'calls'} without a known cost`;
  return costUsd === null ? `unknown, ${unknown}` : `≥ ${dollars(costUsd)}, ${unknown}`;
}

/** US dollars of each tier, where the present model's prices explain the whole sum; else nobody knows the parts. */
function tierMoney(spending: Spending, costOf: CostOf): readonly number[] | undefined {
  if (spending.unpricedCalls > 0 || spending.costUsd === null || spending.costUsd === 0) return undefined;
  const parts = tiers.map(([tier]) => costOf(usage({ [tier]: spending[tier] })));
  const sum = parts.reduce<number>((before, one) => before + (one ?? Number.NaN), 0);
  const explains = Math.abs(sum - spending.costUsd) <= spending.costUsd * 1e-6;
  return explains ? parts.map(Number) : undefined;
}

function budgetLine({ name, value, spentUsd, unpricedCalls }: BudgetState): string {
  const share = spentUsd / value;
  const full = Math.min(BAR_CELLS, Math.round(share * BAR_CELLS));
  const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}`;
  const left = `${dollars(Math.max(0, value - spentUsd))} of ${dollars(value)} left`;
  return `  ${budgetNames[name].padEnd(8)}${bar} ${Math.floor(share * 100)} %, ${left}${unknownText(unpricedCalls)}`;
}
