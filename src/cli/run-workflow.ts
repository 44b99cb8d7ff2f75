import { ConfigError } from '../core/errors.js';
import type { SessionStore } from '../core/store.js';
import { lastRun } from '../workflow/run-record.js';
import { answerOnce } from './answer/answer-once.js';
import type { CommandLine } from './command-line.js';
import type { OutputFlags, TurnFlags } from './flags.js';
import { trustWorkflows, workflowsWait } from './workflows-wait.js';

export interface RunFlags extends TurnFlags, OutputFlags {
  readonly approve?: readonly string[];
  readonly acceptChanges?: true;
}

/** Sessions of a directory that are looked through for a run to go on with. */
const MOST_SESSIONS = 50;

/**
 * Runs the steps of a named workflow in one session, or with `--resume` those that are left of a run that broke off; prints as
 * `ask` does, JSON with the list of its steps.
 */
export function runWorkflow(
  name: string | undefined,
  input: string,
  flags: RunFlags,
  cli: CommandLine,
): Promise<number> {
  if (name === undefined) {
    throw new ConfigError('no workflow is named', {
      advice: 'victor run --list shows those that there are.',
    });
  }
  if (flags.acceptChanges && !flags.resume) {
    throw new ConfigError('--accept-changes says nothing without --resume', {
      advice: 'Leave it out to begin a run, or name the run to go on with.',
    });
  }
  const resume = flags.resume ? (flags.acceptChanges ? 'changed' : 'unchanged') : undefined;
  return answerOnce(
    flags,
    cli,
    async () => input,
    ({ orchestrator, sessionId }, text, signal) => {
      const known = orchestrator.coordinators.workflow.list().some((one) => one.name === name);
      if (!known && workflowsWait(orchestrator)) {
        throw new ConfigError(`no workflow ${name} may run here`, { advice: trustWorkflows });
      }
      return orchestrator.runWorkflow(name, text, { sessionId, signal, resume, approve: flags.approve });
    },
    {
      workflow: name,
      findResumed: (sessions, cwd) => latestRun(name, sessions, cwd),
    },
  );
}

/** The session of this directory whose run of the workflow is not done, the one that was used last. */
async function latestRun(
  name: string,
  sessions: Pick<SessionStore, 'listSessions' | 'readLog'>,
  cwd: string,
): Promise<string> {
  for (const { id } of await sessions.listSessions({ cwd, limit: MOST_SESSIONS })) {
    const run = lastRun(await sessions.readLog(id), name);
    if (run && !run.done) return id;
  }
  throw new ConfigError(`no run of ${name} in this directory is left to go on with`, {
    advice: `Name its session with --resume ID, or begin a run with victor run ${name}.`,
  });
}
