import { victorPaths } from '../../config/paths.js';
import { ConfigError } from '../../core/errors.js';
import { usesUnicode } from '../../core/unicode-locale.js';
import type { StatisticsRequest } from '../../ui/index.js';
import { noColours } from '../colours.js';
import { type Grouping, groupings } from '../commands/stats.js';
import { terminalReport } from '../drawing.js';
import { statisticsOf } from '../stats/statistics-of-days.js';
import type { ChatHostOptions } from './index.js';

/** The report of `victor stats`, with what this chat has counted so far. */
export async function statistics(
  { days, by, columns }: StatisticsRequest,
  { orchestrator, cli, stored }: ChatHostOptions,
): Promise<string> {
  const grouping = groupings.find((one): one is Grouping => one === by);
  if (!grouping)
    throw new ConfigError(`there is no table by ${by}`, { advice: `Choose one of ${groupings.join(', ')}.` });
  if (!stored)
    throw new ConfigError('nothing of this chat is stored', { advice: '/cost tells what it has counted.' });
  await orchestrator.coordinators.analytics.flush?.();
  const { databaseFile } = victorPaths(cli.environment);
  const sessions = grouping === 'project' || grouping === 'session';
  const wanted = { tools: grouping === 'tool', sessions, incidents: false };
  const counted = await statisticsOf(orchestrator.store, databaseFile, days, wanted);
  if (counted.usage.length === 0) return `Nothing was counted in the last ${days} days.`;
  const look = { width: columns, unicode: usesUnicode(cli.environment), colours: noColours };
  return terminalReport(counted, grouping, days, look).trimEnd();
}
