import type { UsageRow } from '../../storage/statistics.js';
import { breakRows } from '../../ui/break-rows.js';
import { tokenCount } from '../../ui/displayable.js';
import type { Grouping } from '../commands/stats.js';
import { bucketDays } from './bucket-days.js';
import { type Column, fitTable, widthOf } from './fit-table.js';
import { type Glyphs, glyphsOf, type TerminalLook } from './glyphs.js';
import { allTokens, groupUsage, sessionsIn, sumUsage, type UsageSum } from './group-usage.js';
import { keyOf, labelOf, type UsageGrouping } from './groupings.js';
import { moneyText, sumText, timeText } from './money-text.js';
import type { Statistics } from './statistics-of-days.js';

interface Look extends TerminalLook {
  readonly glyphs: Glyphs;
}

/** Rows of a table before the rest is one. */
const MOST_ROWS = 20;
const [NARROWEST_BAR, WIDEST_BAR] = [6, 24];
/** Cells of a line of days where nobody looks. */
const PLAIN_LINE = 60;

/** What was counted, for people: its sum, a line over the days, and a table by model, tool, project, session or day. */
export function terminalReport(
  statistics: Statistics,
  by: Grouping,
  days: number,
  terminal: TerminalLook,
): string {
  const look = { ...terminal, glyphs: glyphsOf(terminal) };
  const { usage } = statistics;
  const period = days === 1 ? 'Today' : `Last ${days} days`;
  const head = `${period}: ${sumText(sumUsage(usage), sessionsIn(usage))}`;
  const { glyphs } = look;
  const lines = [
    ...dayLines(statistics, look).map((line) => glyphs.text(line)),
    '',
    ...(by === 'tool' ? toolTable(statistics, look) : usageTable(statistics, by, look)),
  ];
  return [...wrapped(glyphs.text(head), look.width), ...lines].map((line) => `${line}\n`).join('');
}

function dayLines({ days, usage }: Statistics, { width, glyphs, colours }: Look): string[] {
  const label = 8;
  const tail = 32;
  const room = width === 0 ? PLAIN_LINE : Math.max(1, width - label - (width >= 80 ? tail : 1));
  const buckets = bucketDays(days, room);
  const byDay = new Map(groupUsage(usage, ({ day }) => day).map((group) => [group.key, group]));
  const sums = buckets.map((bucket) => sumUsage(bucket.flatMap((day) => byDay.get(day) ?? [])));
  const line = (
    name: string,
    measure: (sum: UsageSum) => number | null,
    textOf: (value: number) => string,
  ) => {
    const values = sums.map(measure);
    const most = Math.max(...values.map((value) => value ?? 0));
    const when = buckets[values.indexOf(most)]?.[0];
    const highest = most > 0 ? `  most ${textOf(most)}, ${when}` : '';
    const fits = width === 0 || label + values.length + highest.length <= width;
    return `${name.padEnd(label)}${colours.green(glyphs.sparkline(values))}${fits ? colours.dim(highest) : ''}`;
  };
  const each = buckets[0]?.length ?? 1;
  const scale = `${' '.repeat(label)}${days[0]} to ${days.at(-1)}${each > 1 ? `, ${each} days a cell` : ''}`;
  return [
    line('cost', knownCost, (value) => moneyText({ costUsd: value, unpricedCalls: 0 })),
    line('tokens', allTokens, tokenCount),
    ...(days.length > 1 ? [colours.dim(width === 0 ? scale : scale.slice(0, width))] : []),
  ];
}

/** A day without a call cost nothing; one whose calls all have no known price cost nobody knows what. */
function knownCost({ costUsd, unpricedCalls }: UsageSum): number | null {
  return costUsd ?? (unpricedCalls > 0 ? null : 0);
}

function usageTable(statistics: Statistics, by: UsageGrouping, look: Look): string[] {
  const { usage } = statistics;
  const all = groupUsage(usage, (row) => keyOf(row, by, statistics));
  const groups = by === 'day' ? [...all].sort((a, b) => (a.key < b.key ? 1 : -1)) : all;
  const keys = groups.map(({ key }) => key);
  const shown = groups.slice(0, groups.length > MOST_ROWS ? MOST_ROWS - 1 : MOST_ROWS);
  const others = new Set(keys.slice(shown.length));
  const rest = usage.filter((row) => others.has(keyOf(row, by, statistics)));
  const rows = [
    ...shown.map((group) => ({ ...group, label: labelOf(group.key, by, statistics, keys) })),
    ...(others.size === 0 ? [] : [labelled(`${others.size} more`, rest)]),
  ];
  const total = labelled('total', usage);
  const measure = total.costUsd ? (sum: UsageSum) => sum.costUsd ?? 0 : allTokens;
  const numbers = (head: string, rank: number, of: (row: typeof total) => string): Column => ({
    head,
    rank,
    right: true,
    texts: [...rows, total].map(of),
  });
  const columns: Column[] = [
    { head: by, texts: [...rows, total].map(({ label }) => label) },
    ...(by === 'session' ? [] : [numbers('sessions', 1, ({ sessions }) => String(sessions))]),
    numbers('turns', 4, ({ turns }) => String(turns)),
    numbers('calls', 7, ({ calls }) => String(calls)),
    numbers('input', 6, ({ inputTokens }) => tokenCount(inputTokens)),
    numbers('output', 5, ({ outputTokens }) => tokenCount(outputTokens)),
    numbers('cache read', 3, ({ cacheReadTokens }) => tokenCount(cacheReadTokens)),
    numbers('cache write', 2, ({ cacheWriteTokens }) => tokenCount(cacheWriteTokens)),
    numbers('cost', 9, moneyText),
  ];
  return withBars(columns, rows.map(measure), look);
}

function toolTable({ tools }: Statistics, look: Look): string[] {
  if (tools.length === 0) return ['No tool was called.'];
  const numbers = (head: string, rank: number, of: (tool: (typeof tools)[number]) => string): Column => ({
    head,
    rank,
    right: true,
    texts: tools.map(of),
  });
  const columns: Column[] = [
    { head: 'tool', texts: tools.map(({ tool }) => tool) },
    numbers('calls', 9, ({ calls }) => String(calls)),
    numbers('failed', 7, ({ failed }) => String(failed)),
    numbers('refused', 6, ({ denied }) => String(denied)),
    numbers('median', 5, ({ medianMs }) => timeText(medianMs)),
    numbers('95 %', 4, ({ p95Ms }) => timeText(p95Ms)),
    numbers('longest', 3, ({ longestMs }) => timeText(longestMs)),
    numbers('in all', 2, ({ totalMs }) => timeText(totalMs)),
  ];
  return withBars(
    columns,
    tools.map(({ calls }) => calls),
    look,
  );
}

/** The table with a bar at the end of each row that has a value; what its width leaves is theirs. */
function withBars(given: readonly Column[], values: readonly number[], look: Look): string[] {
  const { width, glyphs, colours } = look;
  const columns = given.map((column) => ({ ...column, texts: column.texts.map(glyphs.text) }));
  const room = width === 0 ? WIDEST_BAR : width - widthOf(columns) - 2;
  const most = Math.max(...values);
  const size = Math.max(NARROWEST_BAR, Math.min(WIDEST_BAR, room));
  const bars = values.map((value) => (most > 0 ? glyphs.bar(value / most, size) : ''));
  const lines = fitTable([...columns, { head: '', rank: 8, texts: bars }], width);
  return lines.map((drawn, index) => {
    const line = glyphs.text(drawn);
    const bar = bars[index - 1] ?? '';
    if (index === 0) return colours.dim(line);
    return bar !== '' && line.endsWith(bar) ? line.slice(0, -bar.length) + colours.green(bar) : line;
  });
}

function labelled(label: string, rows: readonly UsageRow[]) {
  return { label, sessions: sessionsIn(rows), ...sumUsage(rows) };
}

/** One sentence in lines of this width, broken at its spaces. */
function wrapped(text: string, width: number): string[] {
  if (width === 0) return [text];
  return breakRows(text, width, 'words').map(({ start, end }) => text.slice(start, end));
}
