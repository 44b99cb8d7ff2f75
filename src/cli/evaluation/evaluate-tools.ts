import { loadConfig } from '../../config/load.js';
import type { SelectionScore } from '../../core/evaluation.js';
import { asksServer, loadSelectionStrategies } from '../../extensions/load-strategies.js';
import { resolveEntry } from '../../extensions/registry.js';
import { describeTool } from '../../selection/describe-tool.js';
import { selectionOptions } from '../../selection/index.js';
import { type CommandLine, notice } from '../command-line.js';
import { exitCodes } from '../exit-code.js';
import { formatJson } from '../format-json.js';
import { openTurn } from '../open-turn.js';
import { terminalLook } from '../stats/terminal-look.js';
import { workDirectory } from '../work-directory.js';
import { askedStrategies, underAskedNames } from './asked-strategies.js';
import { progressLines } from './progress-lines.js';
import { type ToolsEvaluation, toolsNotShown } from './selection-results.js';
import { toolCases } from './tool-cases.js';

export interface ToolsFlags {
  /** In place of the one in force and the built-in ones. */
  readonly strategies?: readonly string[];
  /** A file with the tools to choose from, in place of those that there are here. */
  readonly tools?: string;
  /** All requests that were missed. */
  readonly misses?: true;
  readonly json?: true;
  readonly trust?: true;
}

const USUAL = ['keyword', 'semantic', 'hybrid'];

/** How often each strategy ranks the right tool first, by requests of the user's; no model and no server is asked. */
export async function evaluateTools(file: string, flags: ToolsFlags, cli: CommandLine): Promise<void> {
  const { environment, stdout } = cli;
  const cwd = workDirectory(undefined);
  const trust = flags.trust ? { trust: flags.trust } : {};
  const config = await loadConfig({ cwd, environment, ...trust });
  const { orchestrator } = await openTurn({ ...trust, session: false }, cli, { config });
  try {
    for (const text of orchestrator.notices) notice(cli, text);
    const { tool, evaluation } = orchestrator.coordinators;
    const here = tool.list().map(describeTool);
    const { cases, tools } = await toolCases(file, flags.tools, here);
    const configured = config.settings.toolSelection.strategy;
    const entries = flags.strategies ?? [resolveEntry(configured).name, ...USUAL];
    const asked = askedStrategies(entries, configured, selectionOptions, cwd);
    const names = asked.map(({ entry }) => entry);
    const strategies = await loadSelectionStrategies(names, config, cwd);
    if (asksServer(config))
      notice(cli, 'the server that the setting embedder names is not asked; the vectors of static stand in.');
    const onProgress = progressLines(cli, (done) => asked[done / cases.length]?.foreign === true);
    const options = { strategies, tools: tools ?? here, onProgress };
    const evaluated: readonly SelectionScore[] = (await evaluation.evaluateSelection?.(cases, options)) ?? [];
    const scores = underAskedNames(evaluated, asked);
    if (scores.every(({ problem }) => problem !== undefined)) cli.exitCode = exitCodes.failure;
    const result: ToolsEvaluation = {
      scores,
      requests: cases.length,
      tools: options.tools.length,
      given: tools !== undefined,
      maxTools: config.settings.toolSelection.maxTools,
    };
    if (flags.json) return stdout.write(formatJson(selectionJson(result)));
    const { selectionReport } = await import('../drawing.js');
    stdout.write(selectionReport(result, flags.misses === true, await terminalLook(cli)));
  } finally {
    await orchestrator.close();
  }
}

function selectionJson(result: ToolsEvaluation) {
  const { scores, requests, tools } = result;
  return {
    requests,
    tools,
    strategies: scores.map(({ meanReciprocalRank, medianMs, misses, cases: _, ...score }) => ({
      ...score,
      mean_reciprocal_rank: meanReciprocalRank,
      median_ms: medianMs,
      misses,
    })),
    not_shown: toolsNotShown(result),
  };
}
