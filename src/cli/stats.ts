import type { DailyUsage } from '../core/store.js';
import { colours } from './colours.js';
import { type CommandLine, notice } from './command-line.js';
import { formatJson } from './format-json.js';
import { formatTable } from './format-table.js';
import { withHistory } from './open-history.js';

const dayMs = 24 * 60 * 60 * 1000;

/** Usage by day and model with its sum: a table for people, one object with `json`. */
export async function showStats(options: { days: number; json?: true }, cli: CommandLine): Promise<void> {
  const { stdout, environment } = cli;
  const [rows, sessions] = await withHistory(cli, async (store) => {
    const since = Date.now() - options.days * dayMs;
    const recent = (await store.sessions.listSessions()).filter((session) => session.updatedAt >= since);
    return [await store.analytics.dailyUsage(options.days), recent.length] as const;
  });
  const total = sum(rows);
  if (options.json) {
    const document = {
      days: options.days,
      sessions,
      usage: rows.map(usageObject),
      total: usageObject(total),
    };
    return stdout.write(formatJson(document));
  }
  if (rows.length === 0) return notice(cli, `nothing was counted in the last ${options.days} days.`);
  const head = [
    'day',
    'model',
    'turns',
    'calls',
    'input',
    'output',
    'cache read',
    'cache write',
    'US dollars',
  ];
  const lines = [...rows, total].map((row) => [
    row.day,
    row.model === '' ? `${sessions} sessions` : `${row.provider}/${row.model}`,
    String(row.turns),
    String(row.providerCalls),
    ...[row.inputTokens, row.outputTokens, row.cacheReadTokens, row.cacheWriteTokens].map(thousands),
    money(row),
  ]);
  const look = {
    width: stdout.isTerminal ? stdout.columns : 0,
    colours: await colours(environment, stdout.isTerminal),
    right: [2, 3, 4, 5, 6, 7, 8],
  };
  stdout.write(formatTable(head, lines, look));
}

type Row = Omit<DailyUsage, 'day'> & { readonly day: string };

function sum(rows: readonly DailyUsage[]): Row {
  const of = (pick: (row: DailyUsage) => number) => rows.reduce((before, row) => before + pick(row), 0);
  return {
    day: 'total',
    provider: '',
    model: '',
    turns: of((row) => row.turns),
    providerCalls: of((row) => row.providerCalls),
    inputTokens: of((row) => row.inputTokens),
    outputTokens: of((row) => row.outputTokens),
    cacheReadTokens: of((row) => row.cacheReadTokens),
    cacheWriteTokens: of((row) => row.cacheWriteTokens),
    costUsd: rows.every((row) => row.costUsd === null) ? null : of((row) => row.costUsd ?? 0),
    unpricedCalls: of((row) => row.unpricedCalls),
  };
}

function usageObject(row: Row) {
  return {
    ...(row.day === 'total' ? {} : { day: row.day, provider: row.provider, model: row.model }),
    turns: row.turns,
    provider_calls: row.providerCalls,
    input: row.inputTokens,
    output: row.outputTokens,
    cache_read: row.cacheReadTokens,
    cache_write: row.cacheWriteTokens,
    cost_usd: row.costUsd,
    unpriced_calls: row.unpricedCalls,
  };
}

/** A sum that leaves calls out because nobody knows their price is a lower bound, and says so. */
function money({ costUsd, unpricedCalls }: Row): string {
  if (costUsd === null) return 'unknown';
  return `${unpricedCalls > 0 ? '≥ ' : ''}${costUsd === 0 ? '0.00' : costUsd.toFixed(4)}`;
}

function thousands(value: number): string {
  return value.toLocaleString('en-US');
}
