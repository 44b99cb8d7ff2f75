import type * as contract from '../core/coordinator.js';
import type { WorkflowRunOptions, WorkflowSummary } from '../core/coordinator.js';
import { createEvent } from '../core/create-event.js';
import { ConfigError } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';
import { newId } from '../core/id.js';
import type { LogEntry } from '../core/store.js';
import { goesOnAfterFailure, stepName, type Workflow } from '../core/workflow.js';
import { placeholdersIn } from '../workflow/placeholders.js';
import { definitionHash, isOver, lastRun, type RunRecord } from '../workflow/run-record.js';
import { runSteps, type StepActions } from '../workflow/run-steps.js';

export type { Workflow } from '../core/workflow.js';

export interface WorkflowCoordinatorOptions extends StepActions {
  readonly workflows: Readonly<Record<string, Workflow>>;
  /** The log of a session, to go on with what it tells. */
  readonly readLog: (sessionId: string) => Promise<readonly LogEntry[]>;
}

/** Runs the named step lists of the configuration, in one session, and goes on with a run that broke off. */
export class WorkflowCoordinator
  implements contract.WorkflowCoordinator, contract.Configurable<WorkflowCoordinatorOptions>
{
  #options: WorkflowCoordinatorOptions;

  constructor(options: WorkflowCoordinatorOptions) {
    this.#options = options;
  }

  /** A workflow that runs goes on with the steps it started with. */
  configure(change: Partial<WorkflowCoordinatorOptions>): void {
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    this.#options = { ...this.#options, ...Object.fromEntries(given) };
  }

  list(): readonly WorkflowSummary[] {
    return Object.entries(this.#options.workflows).map(([name, { description, steps }]) => ({
      name,
      description: description ?? '',
      steps: steps.length,
    }));
  }

  async *run(name: string, input: string, options: WorkflowRunOptions): AsyncIterable<VictorEvent> {
    const workflow = this.#find(name);
    const { sessionId, signal, resume, approve = [] } = options;
    checkApproved(name, workflow, approve);
    const definition = definitionHash(workflow);
    const before = resume ? await this.#recordOf(name, input, definition, options) : undefined;
    if (!before && input.trim() === '' && asksForInput(workflow)) {
      throw new ConfigError(`The workflow ${name} needs an input: a step has {{input}} in it.`, {
        advice: `Write it behind the name: victor run ${name} "…", in the chat /run ${name} …`,
      });
    }
    const run = before ?? { runId: newId(), input };
    const goesOn = (index: number) => goesOnAfterFailure(workflow.steps, index);
    const finished = workflow.steps
      .map(stepName)
      .filter((step, index) => before && isOver(before, step, goesOn(index)));
    const about = { runId: run.runId, workflow: name, input: run.input, definition };
    const start = { type: 'workflow-start', ...about, steps: workflow.steps.length } as const;
    yield createEvent({ ...start, ...(before ? { finished } : {}) }, { sessionId });
    const approved = new Set(approve);
    const scope = { sessionId, signal, actions: this.#options };
    yield* runSteps({ ...scope, runId: run.runId, name, workflow, input: run.input, before, approved });
  }

  #find(name: string): Workflow {
    const { workflows } = this.#options;
    const workflow = Object.hasOwn(workflows, name) ? workflows[name] : undefined;
    if (workflow) return workflow;
    const names = Object.keys(workflows);
    throw new ConfigError(`There is no workflow "${name}".`, {
      advice:
        names.length > 0 ? `Workflows: ${names.join(', ')}.` : 'Add one under `workflows` in .victorrc.',
    });
  }

  /** The run to go on with. Throws a `ConfigError` where there is none, or it was another one. */
  async #recordOf(
    name: string,
    input: string,
    definition: string,
    { sessionId, resume }: WorkflowRunOptions,
  ): Promise<RunRecord> {
    const record = lastRun(await this.#options.readLog(sessionId), name);
    if (!record || record.done) {
      throw new ConfigError(
        record
          ? `The run of ${name} in session ${sessionId} is done: nothing is left to go on with.`
          : `Session ${sessionId} has no run of the workflow ${name}.`,
        { advice: `Leave --resume out to begin one: victor run ${name}.` },
      );
    }
    if (input !== '' && input !== record.input) {
      throw new ConfigError(`This run of ${name} began with another input.`, {
        advice: 'Leave the input out to go on with it, or --resume to begin another run.',
      });
    }
    if (record.definition !== definition && resume !== 'changed') {
      throw new ConfigError(`The steps of ${name} have changed since this run began.`, {
        advice:
          'Look at what changed. --accept-changes goes on all the same, without the steps whose names are finished; without --resume another run begins.',
      });
    }
    return record;
  }
}

function asksForInput({ steps }: Workflow): boolean {
  return steps.some(({ prompt = '', command = '', approval = '' }) =>
    placeholdersIn(`${prompt}\n${command}\n${approval}`).some(({ input }) => input),
  );
}

function checkApproved(name: string, { steps }: Workflow, approve: readonly string[]): void {
  const names = steps.map(stepName);
  const unknown = approve.find((one) => !names.includes(one));
  if (unknown === undefined) return;
  throw new ConfigError(`The workflow ${name} has no step ${unknown} to approve.`, {
    advice: `Its steps are ${names.join(', ')}.`,
  });
}
