import { setTimeout as sleep } from 'node:timers/promises';
import type { ExporterOutcome, ExportOptions } from '../core/coordinator.js';
import { ConfigError } from '../core/errors.js';
import type { SpoolState } from '../core/spool.js';
import type { AgentOrchestrator } from '../orchestrator.js';
import { colours } from './colours.js';
import { type CommandLine, notice } from './command-line.js';
import { exitCodes } from './exit-code.js';
import { findSession } from './find-session.js';
import { formatJson } from './format-json.js';
import { formatTable } from './format-table.js';
import { openTurn } from './open-turn.js';

/** Milliseconds to wait for another process that sends at the moment. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 200;

interface ExportFlags {
  readonly exporter?: string;
  readonly session?: string;
  readonly json?: true;
  readonly cwd?: string;
  readonly trust?: true;
}

interface Row extends ExporterOutcome {
  /** What its queue is like now; absent where a coordinator of the user's own has none. */
  readonly state: SpoolState | undefined;
}

/** Sends what waits, or a session again, and shows each exporter's counts. Answers the exit code: 1 when one failed. */
export async function exportEvents(flags: ExportFlags, cli: CommandLine): Promise<number> {
  const { exporter, session, json, ...where } = flags;
  const { orchestrator } = await openTurn({ ...where, session: true }, cli);
  try {
    for (const text of orchestrator.notices) notice(cli, text);
    const only = exporter === undefined ? {} : { exporter };
    const again =
      session === undefined ? {} : { sessionId: await sessionIdOf(orchestrator, session), again: true };
    const outcomes = await exportPatiently(orchestrator, { ...only, ...again });
    const states = await orchestrator.store.spool.states();
    if (outcomes.length === 0 && exporter !== undefined) throw unknownExporter(exporter, orchestrator);
    const rows = outcomes.map((outcome): Row => ({ ...outcome, state: stateOf(outcome, states) }));
    if (json) cli.stdout.write(formatJson(rows.map(rowObject)));
    else if (rows.length === 0) notice(cli, 'no exporter is set up here; the setting exporters names them.');
    else cli.stdout.write(await table(rows, cli));
    for (const text of remarks(rows)) notice(cli, text);
    if (exporter === undefined) for (const text of elsewhere(rows, states)) notice(cli, text);
    return rows.every(({ success, heldBy }) => success && heldBy === undefined)
      ? exitCodes.ok
      : exitCodes.failure;
  } finally {
    await orchestrator.close();
  }
}

/** What another process holds it sends itself, or leaves to us when it fails or is done. */
async function exportPatiently(
  { coordinators }: AgentOrchestrator,
  options: ExportOptions,
): Promise<readonly ExporterOutcome[]> {
  const deadline = performance.now() + PATIENCE_MS;
  let { exporters } = await coordinators.analytics.exportAnalytics(options);
  while (exporters.some(({ heldBy }) => heldBy !== undefined) && performance.now() < deadline) {
    await sleep(PAUSE_MS);
    const next = await coordinators.analytics.exportAnalytics(options);
    exporters = next.exporters.map((one, at) => ({
      ...one,
      exportedCount: one.exportedCount + (exporters[at]?.exportedCount ?? 0),
    }));
  }
  return exporters;
}

/** Of a session that was deleted the events are still there. */
async function sessionIdOf({ coordinators, store }: AgentOrchestrator, given: string): Promise<string> {
  const { events } = await coordinators.analytics.getSessionAnalytics(given);
  return events.length > 0 ? given : (await findSession(store.sessions, given)).id;
}

function unknownExporter(name: string, { settings }: AgentOrchestrator): ConfigError {
  const names = settings.exporters.map((entry) => (typeof entry === 'string' ? entry : entry[0]));
  const advice =
    names.length === 0
      ? 'None is set up here; the setting exporters names them.'
      : `Set up here: ${names.join(', ')}.`;
  return new ConfigError(`there is no exporter named ${JSON.stringify(name)}`, { advice });
}

function stateOf({ id, name }: ExporterOutcome, states: readonly SpoolState[]): SpoolState | undefined {
  if (id === undefined) return undefined;
  const nothing = { waiting: 0, waitingBytes: 0, sent: 0, dropped: 0, quarantined: 0, failures: 0 };
  const never: SpoolState = { id, name, ...nothing, retryAt: null, lastError: null, quarantineReason: null };
  return states.find((state) => state.id === id) ?? never;
}

async function table(rows: readonly Row[], { stdout, environment }: CommandLine): Promise<string> {
  const count = (value: number | undefined) => value?.toLocaleString('en-US') ?? 'unknown';
  const twice = new Set(rows.map(({ name }) => name)).size < rows.length;
  const lines = rows.map(({ name, id, exportedCount, state }) => [
    twice ? (id ?? name) : name,
    count(exportedCount),
    count(state?.waiting),
    count(state?.dropped),
    count(state?.quarantined),
  ]);
  return formatTable(['exporter', 'sent', 'waiting', 'dropped', 'quarantined'], lines, {
    width: stdout.isTerminal ? stdout.columns : 0,
    colours: await colours(environment, stdout.isTerminal),
    right: [1, 2, 3, 4],
  });
}

function rowObject({ name, id, exportedCount, error, heldBy, state }: Row) {
  return {
    exporter: name,
    id,
    sent: exportedCount,
    waiting: state?.waiting,
    dropped: state?.dropped,
    quarantined: state?.quarantined,
    sent_ever: state?.sent,
    error,
    held_by: heldBy,
    quarantine_reason: state?.quarantineReason ?? undefined,
  };
}

function remarks(rows: readonly Row[]): string[] {
  return rows.flatMap(({ name, error, heldBy, state }) => [
    ...(error === undefined ? [] : [`${name} failed: ${error}. What waits is sent again.`]),
    ...(heldBy === undefined
      ? []
      : [`another process (${heldBy.replace(/[ /].*$/, '')}) sends to ${name} now.`]),
    ...(state?.quarantineReason
      ? [`${name} put events aside that are never taken: ${state.quarantineReason}.`]
      : []),
  ]);
}

/** Exporters of other folders, or of settings from before. */
function elsewhere(rows: readonly Row[], states: readonly SpoolState[]): string[] {
  const here = new Set(rows.map(({ id }) => id));
  const others = states.filter(({ id, waiting }) => waiting > 0 && !here.has(id));
  if (others.length === 0) return [];
  const list = others.map(({ id, waiting }) => `${id} (${waiting})`).join(', ');
  return [`events wait for exporters that are not set up here: ${list}.`];
}
