import { ConfigError } from '../../core/errors.js';
import type { AgentOrchestrator } from '../../orchestrator.js';
import { colours } from '../colours.js';
import { type CommandLine, notice } from '../command-line.js';
import type { TurnFlags } from '../flags.js';
import { formatJson } from '../format-json.js';
import { openTurn } from '../open-turn.js';
import { explain } from './explanation.js';
import { explanationText } from './explanation-text.js';
import { inputLines } from './input-lines.js';

export interface ExplainOptions extends Partial<TurnFlags> {
  readonly json?: true;
}

/** Prints what the permission coordinator of a turn with these settings would say; nothing runs and nobody is asked. */
export async function explainCommand(
  command: string,
  flags: ExplainOptions,
  cli: CommandLine,
): Promise<void> {
  if (command === '-' && !flags.json) {
    throw new ConfigError('permissions explain - answers in JSON only', { advice: 'Add --json.' });
  }
  const { orchestrator, sessionId } = await openTurn({ ...flags, session: false }, cli);
  try {
    for (const text of orchestrator.notices) notice(cli, text);
    if (command === '-') return await explainLines(orchestrator, sessionId, cli);
    const explanation = await explain(command, orchestrator, sessionId);
    if (flags.json) return cli.stdout.write(formatJson(explanation));
    const width = cli.stdout.isTerminal ? cli.stdout.columns : 0;
    const look = { width, colours: await colours(cli.environment, cli.stdout.isTerminal) };
    cli.stdout.write(explanationText(explanation, look));
  } finally {
    await orchestrator.close();
  }
}

/** One answer a line, so that the answer to each line can be told by its place. */
async function explainLines(orchestrator: AgentOrchestrator, sessionId: string, cli: CommandLine) {
  for await (const line of inputLines(process.stdin)) {
    const command = textOf(line);
    if (command === undefined) cli.exitCode = 1;
    const answer =
      command === undefined
        ? { error: 'This line is not a JSON string, such as "ls -la".' }
        : await explain(command, orchestrator, sessionId);
    cli.stdout.write(formatJson(answer, 0));
  }
}

function textOf(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
