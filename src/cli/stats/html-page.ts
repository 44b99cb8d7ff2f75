import { duration, tokenCount } from '../../ui/displayable.js';
import { bucketDays } from './bucket-days.js';
import { allTokens, groupUsage, sessionsIn, sumUsage, type UsageSum } from './group-usage.js';
import { keyOf, labelOf, type UsageGrouping } from './groupings.js';
import { moneyText, sumText, timeText } from './money-text.js';
import { styles } from './page-styles.js';
import type { Statistics } from './statistics-of-days.js';
import { barChart, columnChart, escapeHtml, type Mark } from './svg-charts.js';

/** What a page of ours begins with, and nothing else: it may be written again. */
export const generatorMark = '<meta name="generator" content="victor stats">';

/** More columns than this could not be told apart. */
const MOST_COLUMNS = 180;
const MOST_BARS = 15;

/** One page with all that was counted: no script, and nothing that a browser would have to fetch. */
export function htmlPage(statistics: Statistics, days: number): string {
  const { usage } = statistics;
  const period = days === 1 ? 'Today' : `The last ${days} days`;
  const sum = sumText(sumUsage(usage), sessionsIn(usage));
  const sections =
    usage.length === 0
      ? ['<p>Nothing was counted.</p>']
      : [...usageSections(statistics), ...incidents(statistics)];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${generatorMark}
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Victor: ${escapeHtml(period.toLowerCase())}</title>
<style>${styles}</style>
</head>
<body>
<h1>Victor</h1>
<p class="sum">${escapeHtml(`${period}: ${sum}`)}</p>
${sections.join('\n')}
</body>
</html>
`;
}

function usageSections(statistics: Statistics): string[] {
  const days = dayMarks(statistics);
  const unknown = statistics.usage.some(({ unpricedCalls }) => unpricedCalls > 0);
  const note = unknown ? '<p class="note"><i class="unknown"></i>calls without a known cost alone</p>' : '';
  const cost = columnChart(
    'US dollars by day',
    days.map(({ name, sum }) => ({ name, values: [knownCost(sum)], text: moneyText(sum) })),
    (value) => moneyText({ costUsd: value, unpricedCalls: 0 }),
  );
  const tokens = columnChart(
    'Tokens by day',
    days.map(({ name, sum }) => ({ name, values: tiersOf(sum), text: tierText(sum) })),
    tokenCount,
  );
  const cache = columnChart(
    'Share of the prompt read from a cache, by day',
    days.map(({ name, sum }) => {
      const share = cacheShare(sum);
      return { name, values: [share ?? 0], text: share === undefined ? 'no prompt' : percent(share) };
    }),
    percent,
  );
  return [
    section('Cost by day', cost + note),
    section('Tokens by day', tokens + legend(['input', 'output', 'from cache', 'to cache'])),
    section('Prompt tokens read from a cache', cache),
    section('Cost by model', groupChart(statistics, 'model')),
    section('Cost by project', groupChart(statistics, 'project')),
    section('Cost by session', groupChart(statistics, 'session')),
    ...toolSections(statistics),
  ];
}

function dayMarks({ usage, days }: Statistics) {
  const byDay = new Map(groupUsage(usage, ({ day }) => day).map((group) => [group.key, group]));
  return bucketDays(days, MOST_COLUMNS).map((bucket) => ({
    name: bucket.length === 1 ? bucket[0]! : `${bucket[0]} to ${bucket.at(-1)}`,
    sum: sumUsage(bucket.flatMap((day) => byDay.get(day) ?? [])),
  }));
}

/** By cost where one is known, else by tokens. */
function groupChart(statistics: Statistics, by: UsageGrouping): string {
  const groups = groupUsage(statistics.usage, (row) => keyOf(row, by, statistics));
  const keys = groups.map(({ key }) => key);
  const priced = groups.some(({ costUsd }) => costUsd !== null && costUsd > 0);
  const marks = groups.slice(0, MOST_BARS).map(
    (group): Mark => ({
      name: labelOf(group.key, by, statistics, keys),
      values: [priced ? knownCost(group) : allTokens(group)],
      text: `${moneyText(group)}, ${tokenCount(allTokens(group))} tokens`,
    }),
  );
  const rest = groups.length - marks.length;
  return barChart(`Cost by ${by}`, marks) + (rest > 0 ? `<p class="note">and ${rest} more</p>` : '');
}

function toolSections({ tools }: Statistics): string[] {
  if (tools.length === 0) return [];
  const marks = tools
    .filter(({ medianMs }) => medianMs !== null)
    .map(({ tool, medianMs, p95Ms }) => ({
      name: tool,
      values: [medianMs, (p95Ms ?? 0) - (medianMs ?? 0)],
      text: `${timeText(medianMs)}, ${timeText(p95Ms)}`,
    }));
  const rows = tools.map((tool) => [
    tool.tool,
    ...[tool.calls, tool.failed, tool.denied].map(String),
    ...[tool.medianMs, tool.p95Ms, tool.longestMs].map(timeText),
    duration(tool.totalMs),
  ]);
  return [
    section(
      'How long tools took',
      barChart('Milliseconds by tool', marks) + legend(['half of the calls', '95 % of the calls']),
    ),
    section(
      'Tools',
      table(['tool', 'calls', 'failed', 'refused', 'median', '95 %', 'longest', 'in all'], rows),
    ),
  ];
}

function incidents({ compactions, errors }: Statistics): string[] {
  const compacted = compactions.map((one) => [
    one.strategy,
    one.start,
    String(one.compactions),
    tokenCount(one.tokensBefore),
    tokenCount(one.tokensAfter),
  ]);
  const failed = errors.map(({ kind, name, code, errors: count }) => [
    kind,
    name ?? '',
    code ?? '',
    String(count),
  ]);
  return [
    ...(compacted.length === 0
      ? []
      : [
          section(
            'Compactions',
            table(['strategy', 'start', 'compactions', 'tokens before', 'tokens after'], compacted),
          ),
        ]),
    ...(failed.length === 0 ? [] : [section('Errors', table(['kind', 'name', 'code', 'errors'], failed))]),
  ];
}

function knownCost({ costUsd, unpricedCalls }: UsageSum): number | null {
  return costUsd ?? (unpricedCalls > 0 ? null : 0);
}

function tiersOf(sum: UsageSum): readonly number[] {
  return [sum.inputTokens, sum.outputTokens, sum.cacheReadTokens, sum.cacheWriteTokens];
}

function tierText(sum: UsageSum): string {
  const names = ['in', 'out', 'from cache', 'to cache'];
  return tiersOf(sum)
    .map((tokens, tier) => `${tokenCount(tokens)} ${names[tier]}`)
    .join(', ');
}

function cacheShare({ inputTokens, cacheReadTokens, cacheWriteTokens }: UsageSum): number | undefined {
  const prompt = inputTokens + cacheReadTokens + cacheWriteTokens;
  return prompt === 0 ? undefined : cacheReadTokens / prompt;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function section(title: string, content: string): string {
  return `<section><h2>${escapeHtml(title)}</h2>${content}</section>`;
}

function legend(names: readonly string[]): string {
  const parts = names.map((name, series) => `<span><i class="s${series}"></i>${escapeHtml(name)}</span>`);
  return `<p class="note">${parts.join('')}</p>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  return `<div class="wide"><table>${cells('th', head)}${rows.map((row) => cells('td', row)).join('')}</table></div>`;
}
