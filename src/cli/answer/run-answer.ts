import type { VictorEvent } from '../../core/event.js';
import { type CommandLine, notice } from '../command-line.js';
import { exitCodes } from '../exit-code.js';
import type { OutputFormat } from '../flags.js';
import type { Interruption } from '../interruption.js';
import type { OpenTurn } from '../open-turn.js';
import { errorLine, errorTrace, exitCodeOf } from '../report-error.js';
import type { AnswerPrinter, RunHeader } from './answer-printer.js';
import { type AnswerSummary, answerRecorder } from './answer-summary.js';
import { denialText } from './denial-advice.js';
import { jsonPrinter, streamJsonPrinter } from './json-printer.js';
import { progressPrinter } from './progress-printer.js';
import { textPrinter } from './text-printer.js';

export interface RunOptions {
  readonly format: OutputFormat;
  readonly quiet: boolean;
  readonly debug: boolean;
  /** It is a workflow: JSON tells every step. */
  readonly steps: boolean;
  /** The session is on disk, so it can be gone on with. */
  readonly persisted: boolean;
  readonly interruption: Interruption;
}

/** Prints what happens until the events end, and answers the exit code. */
export async function runAnswer(
  turn: OpenTurn,
  events: AsyncIterable<VictorEvent>,
  cli: CommandLine,
  options: RunOptions,
): Promise<number> {
  const printer = printers[options.format](cli.stdout);
  const progress = progressPrinter(cli, options);
  const recorder = answerRecorder();
  const header = runHeader(turn, options);
  let failure: unknown;
  printer.start?.(header);
  try {
    for await (const event of events) {
      recorder.record(event);
      printer.event?.(event);
      progress(event);
    }
  } catch (error) {
    failure = error ?? new Error('the turn failed without a reason');
  }
  const summary = recorder.summary(failure, options.interruption.exitCode !== undefined);
  printer.end(summary, header);
  return conclude(summary, failure, turn, cli, options);
}

const printers: Record<OutputFormat, (stdout: CommandLine['stdout']) => AnswerPrinter> = {
  text: textPrinter,
  json: jsonPrinter,
  'stream-json': streamJsonPrinter,
};

function runHeader({ orchestrator, sessionId, cwd }: OpenTurn, { steps }: RunOptions): RunHeader {
  const { provider, mode, tool } = orchestrator.coordinators;
  const { provider: name, model } = provider.current(sessionId);
  const tools = tool.list().map((one) => one.name);
  return { sessionId, provider: name, model, mode: mode.current(sessionId), cwd, tools, steps };
}

/** Says on stderr what the answer alone does not show, and finds the exit code. */
function conclude(
  summary: AnswerSummary,
  failure: unknown,
  turn: OpenTurn,
  cli: CommandLine,
  { interruption, persisted, debug }: RunOptions,
): number {
  const { sessionId } = turn;
  if (interruption.exitCode !== undefined) {
    const goOn = persisted
      ? ` What was done is saved; victor ask --resume ${sessionId} "go on" continues.`
      : '';
    // A reader that left (`| head -1`) got what it wanted.
    if (interruption.exitCode !== exitCodes.ok) notice(cli, `interrupted.${goOn}`);
    return interruption.exitCode;
  }
  if (failure !== undefined) {
    cli.stderr.write(`${errorLine(failure)}\n`);
    if (debug) cli.stderr.write(`${errorTrace(failure)}\n`);
    return exitCodeOf(failure);
  }
  if (summary.denials.length > 0) notice(cli, denialText(summary.denials, turn));
  switch (summary.reason) {
    case 'limit':
      notice(cli, limitText(persisted ? sessionId : undefined));
      return exitCodes.limit;
    case 'max-tokens':
      notice(
        cli,
        'the answer was cut at the output limit. Raise maxTokens with victor config set maxTokens 16384.',
      );
      return exitCodes.limit;
    case 'refusal':
      notice(
        cli,
        'the model declined to answer. Say it in another way, or choose another model with --model.',
      );
      return exitCodes.failure;
    default:
      return summary.denials.length > 0 ? exitCodes.denied : exitCodes.ok;
  }
}

function limitText(sessionId: string | undefined): string {
  const goOn = sessionId === undefined ? '' : `, or go on with victor ask --resume ${sessionId} "go on"`;
  return `a limit of this turn was reached. Raise --max-turns or --max-budget-usd${goOn}.`;
}
