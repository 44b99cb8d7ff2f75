import { limitSentence } from '../../core/turn-limit.js';
import type { WorkflowOutcome } from '../../core/workflow.js';
import { sanitize } from '../../ui/sanitize.js';
import { type CommandLine, notice } from '../command-line.js';
import { exitCodes } from '../exit-code.js';
import type { AnswerSummary, StepSummary } from './answer-summary.js';

/** Lines of a failed command's output. */
const SHOWN_LINES = 20;

/** What goes on with a run, behind `victor`. */
export function resumption(workflow: string, sessionId: string): string {
  return `run ${workflow} --resume ${sessionId}`;
}

const codes: Readonly<Record<WorkflowOutcome, number>> = {
  done: exitCodes.ok,
  failed: exitCodes.failure,
  refused: exitCodes.denied,
  limit: exitCodes.limit,
  waiting: exitCodes.waiting,
  interrupted: exitCodes.failure,
};

/** Says on stderr why a run did not come to its end, and how to go on with it. */
export function concludeWorkflow(
  { outcome = 'failed', steps, limit }: AnswerSummary,
  workflow: string,
  /** `undefined` where nothing is on the disk. */
  sessionId: string | undefined,
  cli: CommandLine,
): number {
  const step = steps.at(-1);
  const approve = outcome === 'waiting' ? ` --approve ${step?.name}` : '';
  const goOn =
    sessionId === undefined
      ? `victor run ${workflow}${approve} begins another run.`
      : `victor ${resumption(workflow, sessionId)}${approve} goes on behind the steps that are done.`;
  if (outcome === 'failed' && step?.kind === 'command') {
    const lines = sanitize(step.content.trimEnd()).split('\n').slice(-SHOWN_LINES);
    cli.stderr.write(`${lines.join('\n')}\n`);
  }
  const said = limit === undefined ? '' : ` ${limitSentence(limit)}`;
  notice(cli, `${sentence(outcome, step)}${said} ${goOn}`);
  return codes[outcome];
}

function sentence(outcome: WorkflowOutcome, step: StepSummary | undefined): string {
  const name = step?.name ?? '';
  if (outcome === 'waiting')
    return `step ${name} waits for a yes, and nobody can be asked here: ${step?.text}`;
  const why = step?.stepReason === undefined ? '' : `: ${step.stepReason}`;
  if (outcome === 'refused') return `step ${name} was refused${why}.`.replace('..', '.');
  if (outcome === 'limit') return `step ${name} stopped at a limit.`;
  const code = step?.exitCode;
  const ended =
    typeof code === 'number' ? ` with exit code ${code}` : code === null ? ' without an exit code' : why;
  return outcome === 'failed' ? `step ${name} failed${ended}.` : `step ${name} was interrupted.`;
}
