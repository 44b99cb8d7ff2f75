import { type CommandLine, notice } from '../command-line.js';
import type { Grouping } from '../commands/stats.js';
import { deliveryLine, needsWord } from '../delivery-line.js';
import { formatJson } from '../format-json.js';
import { showQuery } from './show-query.js';
import { statisticsOfDays } from './statistics-of-days.js';
import { statsJson } from './stats-json.js';
import { terminalLook } from './terminal-look.js';
import { writePage } from './write-page.js';

export interface StatsOptions {
  readonly days: number;
  readonly by: Grouping;
  readonly json?: true;
  /** The file of a page with everything. */
  readonly html?: string;
  /** A query of the user's own. */
  readonly sql?: string;
}

/** What was counted in the last days: tables for people, one object with `json`, a page in a file with `html`. */
export async function showStats(options: StatsOptions, cli: CommandLine): Promise<void> {
  const { days, by, json, html, sql } = options;
  const { stdout } = cli;
  if (sql !== undefined) return showQuery(sql, { json: json === true }, cli);
  const whole = html !== undefined;
  const sessions = whole || by === 'project' || by === 'session';
  const wanted = { tools: whole || by === 'tool', sessions, incidents: whole };
  const statistics = await statisticsOfDays(days, wanted, cli);
  if (html !== undefined) {
    await writePage(html, statistics, days);
    return notice(cli, `wrote ${html}`);
  }
  if (json) return stdout.write(formatJson(statsJson(statistics, by, days)));
  for (const one of statistics.exporters.filter(needsWord))
    notice(cli, `exporter ${one.id}: ${deliveryLine(one)}`);
  if (statistics.usage.length === 0) return notice(cli, `nothing was counted in the last ${days} days.`);
  const { terminalReport } = await import('../drawing.js');
  stdout.write(terminalReport(statistics, by, days, await terminalLook(cli)));
}
