import type { VictorEvent } from '../../core/event.js';
import { limitSentence, type TurnLimit } from '../../core/turn-limit.js';
import { type CommandLine, notice } from '../command-line.js';
import { exitCodes } from '../exit-code.js';
import { flagOfLimit, type OutputFormat } from '../flags.js';
import type { Interruption } from '../interruption.js';
import type { JsonAnswer, JsonOutcome } from '../json-answer/ask-for-json.js';
import { shortened } from '../json-answer/json-prompts.js';
import { schemaPrinter } from '../json-answer/schema-printer.js';
import type { OpenTurn } from '../open-turn.js';
import { errorLine, errorTrace, exitCodeOf } from '../report-error.js';
import type { AnswerPrinter, RunHeader } from './answer-printer.js';
import { type AnswerSummary, answerRecorder } from './answer-summary.js';
import { denialText } from './denial-advice.js';
import { startHeartbeat } from './heartbeat.js';
import { jsonPrinter, streamJsonPrinter } from './json-printer.js';
import { progressPrinter } from './progress-printer.js';
import { textPrinter } from './text-printer.js';
import { concludeWorkflow, resumption } from './workflow-end.js';

export interface RunOptions {
  readonly format: OutputFormat;
  readonly quiet: boolean;
  readonly debug: boolean;
  /** The workflow that is run, if it is one: every step of it is told. */
  readonly workflow: string | undefined;
  /** Says on stderr that it still waits, when nothing else does. */
  readonly heartbeat: boolean;
  /** The session is on disk, so it can be gone on with. */
  readonly persisted: boolean;
  readonly interruption: Interruption;
  /** The answer has to be JSON. */
  readonly json?: JsonAnswer | undefined;
}

/** Prints what happens until the events end, and answers the exit code. */
export async function runAnswer(
  turn: OpenTurn,
  events: AsyncIterable<VictorEvent>,
  cli: CommandLine,
  options: RunOptions,
): Promise<number> {
  const { json } = options;
  const printer =
    json && options.format === 'text' ? schemaPrinter(cli.stdout) : printers[options.format](cli.stdout);
  const progress = progressPrinter(cli, options);
  const recorder = answerRecorder();
  const header = runHeader(turn, options);
  let failure: unknown;
  const heart = options.heartbeat ? startHeartbeat(cli) : undefined;
  printer.start?.(header);
  try {
    for await (const event of events) {
      recorder.record(event);
      printer.event?.(event);
      progress(event);
      heart?.note(event);
    }
  } catch (error) {
    failure = error ?? new Error('the turn failed without a reason');
  } finally {
    heart?.stop();
  }
  const told = recorder.summary(failure, options.interruption.exitCode !== undefined);
  const summary = json ? { ...told, json: json.outcome } : told;
  printer.end(summary, header);
  return conclude(summary, failure, turn, cli, options);
}

const printers: Record<OutputFormat, (stdout: CommandLine['stdout']) => AnswerPrinter> = {
  text: textPrinter,
  json: jsonPrinter,
  'stream-json': streamJsonPrinter,
};

function runHeader({ orchestrator, sessionId, cwd }: OpenTurn, { workflow }: RunOptions): RunHeader {
  const { provider, mode, tool } = orchestrator.coordinators;
  const { provider: name, model } = provider.current(sessionId);
  const tools = tool.list().map((one) => one.name);
  return {
    sessionId,
    provider: name,
    model,
    mode: mode.current(sessionId),
    cwd,
    tools,
    steps: workflow !== undefined,
  };
}

/** Says on stderr what the answer alone does not show, and finds the exit code. */
function conclude(
  summary: AnswerSummary,
  failure: unknown,
  turn: OpenTurn,
  cli: CommandLine,
  { interruption, persisted, debug, workflow }: RunOptions,
): number {
  const { sessionId } = turn;
  if (interruption.exitCode !== undefined) {
    const how =
      workflow === undefined ? `ask --resume ${sessionId} "go on"` : resumption(workflow, sessionId);
    const goOn = persisted ? ` What was done is saved; victor ${how} continues.` : '';
    // A reader that left (`| head -1`) got what it wanted.
    if (interruption.exitCode !== exitCodes.ok) notice(cli, `interrupted.${goOn}`);
    return interruption.exitCode;
  }
  if (failure !== undefined) {
    cli.stderr.write(`${errorLine(failure)}\n`);
    if (debug) cli.stderr.write(`${errorTrace(failure)}\n`);
    if (workflow !== undefined && persisted && summary.outcome !== undefined)
      notice(cli, `victor ${resumption(workflow, sessionId)} goes on with the run.`);
    return exitCodeOf(failure);
  }
  if (summary.denials.length > 0) notice(cli, denialText(summary.denials, turn));
  if (workflow !== undefined && summary.outcome !== undefined && summary.outcome !== 'done') {
    return concludeWorkflow(summary, workflow, persisted ? sessionId : undefined, cli);
  }
  switch (summary.reason) {
    case 'limit':
      notice(cli, limitText(summary.limit, persisted ? sessionId : undefined));
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
    case 'interrupted':
      // By nobody outside: a hook wanted no more of it, and has said why.
      return exitCodes.failure;
    default:
      if (summary.json?.ok === false) {
        notice(cli, invalidText(summary.json));
        return exitCodes.invalid;
      }
      return summary.denials.length > 0 ? exitCodes.denied : exitCodes.ok;
  }
}

function invalidText({ problems, asked }: Extract<JsonOutcome, { ok: false }>): string {
  const [first = '', ...more] = problems;
  const others = more.length > 0 ? ` And ${more.length} more.` : '';
  const times = asked === 1 ? 'one answer' : `${asked} answers`;
  return `${times}, and none is what --json-schema asks for. ${shortened(first)}${others} Say more about it in the prompt, make the schema simpler, or choose another model with --model.`;
}

function limitText(limit: TurnLimit | undefined, sessionId: string | undefined): string {
  const goOn = (words: string) =>
    sessionId === undefined ? '' : `, or go on with victor ask --resume ${sessionId} "${words}"`;
  // A chat coordinator of the user's may not say which.
  if (limit === undefined) return `a limit of this turn was reached. Raise it${goOn('go on')}.`;
  const said = lowerFirst(limitSentence(limit));
  if (limit.name === 'repeated-call') return `${said} Ask in another way${goOn('do something else: …')}.`;
  const raise =
    limit.name === 'maxDayUsd' || limit.name === 'maxProjectUsd'
      ? `Raise ${limit.name} where victor config show --origin says that it is set`
      : `Raise it with ${flagOfLimit(limit.name)}`;
  return `${said} ${raise}${goOn('go on')}.`;
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
