/** What a step asks of the step before it; without a name, of the command before it that is nearest. */
export interface StepCondition {
  readonly step?: string | undefined;
  /** `!0` is any other than 0, also that of a command which a signal or its time limit ended. */
  readonly exitCode: number | '!0';
}

/** One step of a workflow: exactly one of `prompt`, `command` and `approval`. */
export interface WorkflowStep {
  readonly name?: string | undefined;
  readonly prompt?: string | undefined;
  readonly command?: string | undefined;
  readonly approval?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** The step is skipped where this does not hold. */
  readonly when?: StepCondition | undefined;
  /** What a failure does to the run. Absent: `stop`, but `continue` for a command whose exit code a later step asks for. */
  readonly onFailure?: 'stop' | 'continue' | undefined;
}

export interface Workflow {
  readonly description?: string | undefined;
  readonly steps: readonly WorkflowStep[];
}

export type StepKind = 'prompt' | 'command' | 'approval';

/**
 * How far a step is. `refused`: a rule, a mode or the user did not let it run. `waiting`: it asks, and nobody could be
 * asked. Only what is `done`, `failed` or `skipped` is over, and is not run again by whoever goes on with the run.
 */
export type StepStatus =
  | 'started'
  | 'done'
  | 'failed'
  | 'skipped'
  | 'refused'
  | 'waiting'
  | 'limit'
  | 'interrupted';

export type WorkflowOutcome = Exclude<StepStatus, 'started' | 'skipped'>;

/** A run of a workflow begins, or is gone on with. */
export interface WorkflowStart {
  readonly type: 'workflow-start';
  readonly runId: string;
  readonly workflow: string;
  readonly input: string;
  /** SHA-256 of the steps as they were, to tell whether they have changed since. */
  readonly definition: string;
  readonly steps: number;
  /** Names of the steps that an earlier process has finished; absent for a run that begins. */
  readonly finished?: readonly string[];
}

export interface WorkflowStepEvent {
  readonly type: 'workflow-step';
  readonly runId: string;
  readonly workflow: string;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  /** Its name, else its number. */
  readonly name: string;
  readonly kind: StepKind;
  readonly status: StepStatus;
  /** The prompt, the command or the question, as it is with everything filled in; of a step that starts or waits. */
  readonly text?: string;
  /** Of a command that is over; `null` where a signal or its time limit ended it. */
  readonly exitCode?: number | null;
  /** What a command put out, or the model answered; bounded. */
  readonly output?: string;
  readonly durationMs?: number;
  /** Why it was skipped, refused, or failed without an exit code. One sentence. */
  readonly reason?: string;
}

export interface WorkflowEnd {
  readonly type: 'workflow-end';
  readonly runId: string;
  readonly workflow: string;
  readonly outcome: WorkflowOutcome;
  readonly durationMs: number;
}

export type WorkflowEventBody = WorkflowStart | WorkflowStepEvent | WorkflowEnd;

/** What the rules, the log and other steps call a step: its name, else its number. */
export function stepName({ name }: WorkflowStep, index: number): string {
  return name ?? String(index + 1);
}

export function stepKind(step: WorkflowStep): StepKind {
  if (step.command !== undefined) return 'command';
  return step.approval === undefined ? 'prompt' : 'approval';
}

export function stepText({ prompt, command, approval }: WorkflowStep): string {
  return prompt ?? command ?? approval ?? '';
}

/** Whose exit code a condition is about: the place of a command before this step. */
export function conditionTarget(steps: readonly WorkflowStep[], index: number): number {
  const wanted = steps[index]?.when?.step;
  return steps
    .slice(0, index)
    .findLastIndex((one, at) =>
      wanted === undefined ? one.command !== undefined : stepName(one, at) === wanted,
    );
}

/** Whether the run goes on although this step has failed. */
export function goesOnAfterFailure(steps: readonly WorkflowStep[], index: number): boolean {
  const said = steps[index]?.onFailure;
  if (said !== undefined) return said === 'continue';
  return steps.some((one, later) => one.when !== undefined && conditionTarget(steps, later) === index);
}
