import { compactionOptions } from '../../compaction/index.js';
import { loadConfig } from '../../config/load.js';
import { ConfigError } from '../../core/errors.js';
import { compareDrops } from '../../evaluation/compare-drops.js';
import { notesLeftOut } from '../../evaluation/notes-left-out.js';
import { shortenedFacts } from '../../evaluation/shortened-facts.js';
import { asksServer, loadCompactionStrategies } from '../../extensions/load-strategies.js';
import { resolveEntry } from '../../extensions/registry.js';
import { type CommandLine, notice } from '../command-line.js';
import { exitCodes } from '../exit-code.js';
import { formatJson } from '../format-json.js';
import { openTurn } from '../open-turn.js';
import { terminalLook } from '../stats/terminal-look.js';
import { workDirectory } from '../work-directory.js';
import { askedStrategies, underAskedNames } from './asked-strategies.js';
import { compactionCases } from './compaction-cases.js';
import { compactionJson } from './compaction-json.js';
import type { ComparedCase } from './compaction-results.js';
import { progressLines } from './progress-lines.js';

export interface CompactionFlags {
  readonly sample?: true;
  /** A file of the user's own cases. */
  readonly cases?: string;
  /** In place of the one in force and the built-in ones. */
  readonly strategies?: readonly string[];
  /** Shares of the tokens (at most 1), or tokens. */
  readonly budget: readonly number[];
  /** More of what each drops. */
  readonly diff?: true;
  readonly json?: true;
  readonly trust?: true;
}

const USUAL = ['recent', 'semantic', 'task-aware', 'prune-tool-output', 'hybrid'];
/** The time that is told is the median of so many runs. */
const ROUNDS = 5;

/** What strategies would keep of recorded sessions; these stay as they are, and neither a model nor a server is asked. */
export async function evaluateCompaction(
  sessions: readonly string[],
  flags: CompactionFlags,
  cli: CommandLine,
): Promise<void> {
  const { environment, stdout } = cli;
  const wanted = { sessions, file: flags.cases, sample: flags.sample };
  if (sessions.length === 0 && flags.cases === undefined && !flags.sample) {
    throw new ConfigError('no session is named', {
      advice:
        'victor sessions list shows them; --sample takes one that comes along, --cases FILE your own cases.',
    });
  }
  const cwd = workDirectory(undefined);
  const trust = flags.trust ? { trust: flags.trust } : {};
  const config = await loadConfig({ cwd, environment, ...trust });
  const stored = sessions.length > 0 || flags.cases !== undefined;
  const { orchestrator } = await openTurn({ ...trust, session: stored }, cli, { config });
  try {
    for (const text of orchestrator.notices) notice(cli, text);
    const configured = config.settings.compaction.strategy;
    const entries = flags.strategies ?? [resolveEntry(configured).name, ...USUAL];
    const asked = askedStrategies(entries, configured, compactionOptions, cwd);
    const names = asked.map(({ entry }) => entry);
    const strategies = await loadCompactionStrategies(names, config, cwd);
    if (asksServer(config))
      notice(cli, 'the server that the setting embedder names is not asked; the vectors of static stand in.');
    const cases = await compactionCases(wanted, orchestrator.store.sessions);
    const evaluated = await orchestrator.coordinators.evaluation.evaluate(cases, {
      ...{ strategies, budgets: flags.budget, model: notesLeftOut, rounds: ROUNDS },
      onProgress: progressLines(cli, (done) => asked[done]?.foreign === true),
    });
    const scores = underAskedNames(evaluated, asked);
    const perCase = flags.budget.length * strategies.length;
    const compared = cases.flatMap((one, index) =>
      flags.budget.map((budget, place): ComparedCase => {
        const start = index * perCase + place * strategies.length;
        const own = scores.slice(start, start + strategies.length);
        const contested = compareDrops(one.messages, own);
        return { case: one, budget, scores: own, contested, shortened: shortenedFacts(one.messages, own) };
      }),
    );
    if (scores.length > 0 && scores.every(({ problem }) => problem !== undefined))
      cli.exitCode = exitCodes.failure;
    const sample = flags.sample === true;
    if (flags.json) return stdout.write(formatJson(compactionJson(compared, { sample })));
    const { compactionReport } = await import('../drawing.js');
    stdout.write(compactionReport(compared, { sample, whole: flags.diff === true }, await terminalLook(cli)));
  } finally {
    await orchestrator.close();
  }
}
