import { sanitize } from '../ui/sanitize.js';
import { colours } from './colours.js';
import { type CommandLine, notice } from './command-line.js';
import { formatJson } from './format-json.js';
import { formatTable } from './format-table.js';
import { openTurn } from './open-turn.js';

export interface RankFlags {
  /** In place of the configured one. */
  readonly strategy?: string;
  readonly json?: true;
  readonly trust?: true;
}

/** Characters of the longest bar. */
const BAR = 10;

/** Every tool with its score for a request, best first, whether a new session would offer it, and why. */
export async function rankTools(request: string, options: RankFlags, cli: CommandLine): Promise<void> {
  const { stdout, environment } = cli;
  const { strategy: asked } = options;
  const flags = asked === undefined ? {} : { flags: { toolSelection: { strategy: asked } } };
  const { orchestrator, sessionId } = await openTurn({ ...options, session: false }, cli, flags);
  const { tool, toolSelection } = orchestrator.coordinators;
  orchestrator.subscribe((event) => {
    if (event.type !== 'extension-failure') return;
    const { name, message, fallback } = event.failure;
    notice(cli, `${name}: ${message}; instead: ${fallback}`);
  });
  try {
    for (const text of orchestrator.notices) notice(cli, text);
    const selected = { sessionId, text: request, tools: tool.list() };
    const selection = await toolSelection.select(selected);
    const { strategy, scores } = (await toolSelection.rank?.(selected)) ?? selection;
    const offered = new Set(selection.offered);
    const tools = scores.map((one) => ({ ...one, offered: offered.has(one.name) }));
    const { reason } = selection;
    if (options.json) return stdout.write(formatJson({ strategy, reason, tools }));
    const rows = tools.map((one) => [
      one.name,
      one.score.toFixed(2),
      bar(one.score.toFixed(2)),
      one.offered ? 'yes' : 'no',
      one.reason,
    ]);
    const table = formatTable(['name', strategy, '', 'offered', 'why'], rows, {
      width: stdout.isTerminal ? stdout.columns : 0,
      colours: await colours(environment, stdout.isTerminal),
      right: [1],
    });
    stdout.write(`${table}${sanitize(reason)}\n`);
  } finally {
    await orchestrator.close();
  }
}

/** As long as the score that stands beside it says. */
function bar(score: string): string {
  return '#'.repeat(Math.round(Number(score) * BAR));
}
