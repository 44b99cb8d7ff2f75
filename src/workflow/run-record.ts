import { createHash } from 'node:crypto';
import type { LogEntry } from '../core/store.js';
import { type StepStatus, stepName, type Workflow, type WorkflowStepEvent } from '../core/workflow.js';

/** A run of a workflow as the log of its session tells it. */
export interface RunRecord {
  readonly runId: string;
  readonly workflow: string;
  readonly input: string;
  readonly definition: string;
  /** The last that was told of each step, by name. */
  readonly steps: ReadonlyMap<string, WorkflowStepEvent>;
  /** Steps that were begun by a process that has not told their end. */
  readonly unknown: ReadonlySet<string>;
  /** Nothing of it is left to do. */
  readonly done: boolean;
}

const over: ReadonlySet<StepStatus> = new Set<StepStatus>(['done', 'skipped']);
/** Over only where the run goes on after them. */
const failures: ReadonlySet<StepStatus> = new Set<StepStatus>(['failed', 'limit']);

/** A step that is over is not run again; one that failed is, when its failure ended the run. */
export function isOver(record: RunRecord, name: string, goesOn: boolean): boolean {
  const status = record.steps.get(name)?.status;
  return status !== undefined && (over.has(status) || (goesOn && failures.has(status)));
}

/** The run of this workflow that the session began last. */
export function lastRun(entries: readonly LogEntry[], workflow: string): RunRecord | undefined {
  let run: (Omit<RunRecord, 'steps' | 'unknown' | 'done'> & { done: boolean }) | undefined;
  let steps = new Map<string, WorkflowStepEvent>();
  let unknown = new Set<string>();
  const brokenOff = () => {
    for (const { name, status } of steps.values()) if (status === 'started') unknown.add(name);
  };
  for (const { entry } of entries) {
    if (entry.type === 'workflow-start' && entry.workflow === workflow) {
      // Who went on with it began no other run.
      if (entry.runId === run?.runId) brokenOff();
      else [steps, unknown] = [new Map(), new Set()];
      const { runId, input, definition } = entry;
      run = { runId, workflow, input, definition, done: false };
    } else if (entry.type === 'workflow-step' && entry.runId === run?.runId) {
      steps.set(entry.name, entry);
      // Whoever begins it again was allowed to.
      if (entry.status === 'started') unknown.delete(entry.name);
    } else if (entry.type === 'workflow-end' && entry.runId === run?.runId)
      run.done = entry.outcome === 'done';
  }
  brokenOff();
  return run && { ...run, steps, unknown };
}

/** Tells whether the steps of a workflow are still what they were; its description may change. */
export function definitionHash({ steps }: Workflow): string {
  const named = steps.map((step, index) => [stepName(step, index), step]);
  return createHash('sha256').update(JSON.stringify(named)).digest('hex');
}
