import type { VictorEvent } from '../../core/event.js';
import type { ExtensionFailure } from '../../core/extension.js';
import { hookSentence } from '../../core/hook-sentence.js';
import { type CommandLine, notice } from '../command-line.js';
import { exitCodes } from '../exit-code.js';
import { type OutputFlags, outputFormat, type TurnFlags } from '../flags.js';
import { catchSignals } from '../interruption.js';
import type { JsonAnswer } from '../json-answer/ask-for-json.js';
import { requireModel } from '../json-answer/no-model.js';
import { type FindResumed, type OpenTurn, openTurn } from '../open-turn.js';
import { concludeTraffic } from '../traffic.js';
import { waitForSession } from '../wait-for-session.js';
import { keepLinesApart } from './line-keeper.js';
import { runAnswer } from './run-answer.js';

type Started = AsyncIterable<VictorEvent>;

/**
 * What `ask` and `run` share: read the prompt, open the session, print what happens, save, and answer the exit
 * code. A signal, or a reader that leaves, ends it at any point with what was done saved. Of a
 * `workflow`, every step is told.
 */
export async function answerOnce<Input>(
  flags: TurnFlags & OutputFlags,
  commandLine: CommandLine,
  readInput: (signal: AbortSignal) => Promise<Input>,
  start: (turn: OpenTurn, input: Input, signal: AbortSignal) => Started | Promise<Started>,
  {
    workflow,
    findResumed,
    json,
  }: {
    readonly workflow?: string;
    readonly findResumed?: FindResumed;
    readonly json?: JsonAnswer | undefined;
  } = {},
): Promise<number> {
  const cli = keepLinesApart(commandLine);
  const format = outputFormat(flags);
  const interruption = catchSignals();
  const { signal } = interruption;
  cli.stdout.onClose(() => interruption.stop(cli.stdout.failure ? exitCodes.failure : exitCodes.ok));
  try {
    const input = await readInput(signal);
    const turn = await openTurn(flags, cli, {}, { findResumed });
    let exitCode: number;
    let answered = false;
    // While it is answered, notices are among the turn's own events.
    turn.orchestrator.subscribe((event) => {
      if (!answered) return;
      if (event.type === 'notice') notice(cli, event.text);
      const said = event.type === 'hook' ? hookSentence(event) : undefined;
      if (said !== undefined) notice(cli, said);
    });
    turn.orchestrator.subscribe(failureTeller(cli, turn.orchestrator.extensionFailures));
    try {
      for (const text of turn.orchestrator.notices) notice(cli, text);
      signal.throwIfAborted();
      if (json) requireModel(turn);
      if (flags.session) await waitForSession(turn.orchestrator, turn.sessionId, signal, cli);
      // What is wrong with the input is told before anything is printed of an answer.
      const started = await start(turn, input, signal);
      exitCode = await runAnswer(turn, tellOffline(started, turn, cli), cli, {
        format,
        quiet: flags.quiet === true,
        debug: flags.debug === true || cli.environment.VICTOR_DEBUG === '1',
        workflow,
        heartbeat: flags.patient !== undefined,
        persisted: flags.session,
        interruption,
        json,
      });
    } finally {
      answered = true;
      await turn.orchestrator.close();
    }
    return concludeTraffic(turn.traffic, exitCode, flags, cli);
  } catch (error) {
    if (interruption.exitCode !== undefined) return interruption.exitCode;
    throw error;
  } finally {
    interruption.release();
  }
}

/**
 * One line for each extension that fails. Not from the turn's own events, because an exporter may only fail while
 * everything is closed.
 */
function failureTeller(
  cli: CommandLine,
  inNotices: readonly ExtensionFailure[],
): (event: VictorEvent) => void {
  const told = new Set(inNotices.map(({ kind, name }) => `${kind} ${name}`));
  return (event) => {
    if (event.type !== 'extension-failure') return;
    const { kind, name, message, fallback } = event.failure;
    const extension = `${kind} ${name}`;
    if (told.has(extension)) return;
    told.add(extension);
    notice(cli, `the ${extension} failed: ${message} (instead: ${fallback})`);
  };
}

const noModel =
  'no model is set up, so you get excerpts of files instead of an answer. Set ANTHROPIC_API_KEY or OPENAI_API_KEY, or start Ollama and add --model ollama/NAME; victor models shows every provider.';

/** Says so before the answer when nobody chose the provider that has no model, because then somebody expects one. */
async function* tellOffline(
  events: AsyncIterable<VictorEvent>,
  { orchestrator }: OpenTurn,
  cli: CommandLine,
): AsyncIterable<VictorEvent> {
  let told = orchestrator.settings.provider !== undefined;
  for await (const event of events) {
    if (!told && event.type === 'turn-start' && event.provider === 'offline') {
      told = true;
      notice(cli, noModel);
    }
    yield event;
  }
}
