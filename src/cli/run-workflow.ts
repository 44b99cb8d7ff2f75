import { answerOnce } from './answer/answer-once.js';
import type { CommandLine } from './command-line.js';
import type { OutputFlags, TurnFlags } from './flags.js';

/** Runs the steps of a named workflow in one session; prints as `ask` does, JSON with the list of its steps. */
export function runWorkflow(
  name: string,
  input: string,
  flags: TurnFlags & OutputFlags,
  cli: CommandLine,
): Promise<number> {
  return answerOnce(
    flags,
    cli,
    async () => input,
    ({ orchestrator, sessionId }, text, signal) =>
      orchestrator.runWorkflow(name, text, { sessionId, signal }),
    { steps: true },
  );
}
