import { existsSync } from 'node:fs';
import { victorPaths } from '../../config/paths.js';
import { findWorkspaceRoot } from '../../config/workspace-root.js';
import type { SpoolState } from '../../core/spool.js';
import type { Store } from '../../core/store.js';
import { localDay, localDaysBetween, startOfLastDays } from '../../storage/local-day.js';
import { openSqliteConnection } from '../../storage/sqlite-connection.js';
import {
  type CompactionRow,
  type ErrorRow,
  readStatistics,
  type SessionRow,
  type ToolRow,
  type UsageRow,
} from '../../storage/statistics.js';
import type { CommandLine } from '../command-line.js';
import { withHistory } from '../open-history.js';

/** What was counted in the last days, and what the sessions in it are called. */
export interface Statistics {
  /** Every local day from the first on that was counted, oldest first. */
  readonly days: readonly string[];
  readonly usage: readonly UsageRow[];
  readonly tools: readonly ToolRow[];
  readonly compactions: readonly CompactionRow[];
  readonly errors: readonly ErrorRow[];
  /** What waits for each exporter now. */
  readonly exporters: readonly SpoolState[];
  /** `undefined` for a session that was deleted. */
  readonly session: (id: string) => SessionRow | undefined;
  /** The repository that a session was started in, or its folder; `undefined` for one that was deleted. */
  readonly project: (sessionId: string) => string | undefined;
}

export interface Wanted {
  readonly tools: boolean;
  /** Titles and folders of sessions. */
  readonly sessions: boolean;
  readonly incidents: boolean;
}

/** Reads the views of the database, on a connection that cannot write. Rejects with a `StorageError`. */
export async function statisticsOfDays(count: number, wanted: Wanted, cli: CommandLine): Promise<Statistics> {
  const { databaseFile } = victorPaths(cli.environment);
  // The store is opened first, because it makes a database that is missing and brings an old one up to date.
  return withHistory(cli, (store) => statisticsOf(store, databaseFile, count, wanted));
}

/** The same of a database that is open already. */
export async function statisticsOf(
  store: Pick<Store, 'spool'>,
  databaseFile: string,
  count: number,
  wanted: Wanted,
): Promise<Statistics> {
  const since = startOfLastDays(count);
  const connection = await openSqliteConnection(databaseFile, { readOnly: true });
  try {
    const read = readStatistics(connection, since);
    const usage = await read.usage();
    const summaries = wanted.sessions ? await read.sessions() : [];
    return {
      days: daysOf(usage, since),
      usage,
      tools: wanted.tools ? await read.tools() : [],
      compactions: wanted.incidents ? await read.compactions() : [],
      errors: wanted.incidents ? await read.errors() : [],
      exporters: await store.spool.states(),
      ...namesOf(summaries),
    };
  } finally {
    await connection.close();
  }
}

function daysOf(usage: readonly UsageRow[], since: number): readonly string[] {
  const [newest, oldest] = [usage[0]?.day, usage.at(-1)?.day];
  if (newest === undefined || oldest === undefined) return [];
  const noon = (day: string) => new Date(`${day}T12:00:00`).getTime();
  const today = localDay(Date.now());
  // Where the clock was wrong, something may have been counted on a day that is still to come.
  return localDaysBetween(Math.max(since, noon(oldest)), noon(newest > today ? newest : today));
}

function namesOf(summaries: readonly SessionRow[]): Pick<Statistics, 'session' | 'project'> {
  const byId = new Map(summaries.map((summary) => [summary.id, summary]));
  const roots = new Map<string, string>();
  const rootOf = (cwd: string) => {
    const root = roots.get(cwd) ?? (existsSync(cwd) ? findWorkspaceRoot(cwd) : cwd);
    roots.set(cwd, root);
    return root;
  };
  return {
    session: (id) => byId.get(id),
    project: (id) => {
      const cwd = byId.get(id)?.cwd;
      return cwd === undefined ? undefined : rootOf(cwd);
    },
  };
}
