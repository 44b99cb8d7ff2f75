import { createEvent } from '../core/create-event.js';
import type { Approval } from '../core/decision.js';
import type { EventOf, VictorEvent } from '../core/event.js';
import {
  conditionTarget,
  goesOnAfterFailure,
  stepKind,
  stepName,
  stepText,
  type Workflow,
  type WorkflowEventBody,
  type WorkflowOutcome,
  type WorkflowStep,
  type WorkflowStepEvent,
} from '../core/workflow.js';
import { boundedOutput } from './bounded-output.js';
import { fillCommand, fillPrompt, type PlaceholderValues } from './placeholders.js';
import { isOver, type RunRecord } from './run-record.js';

export interface StepScope {
  readonly sessionId: string;
  readonly signal: AbortSignal;
}

/** What a question of a workflow is about. */
export interface StepQuestion extends StepScope {
  readonly question: string;
  /** Why it is asked, in one sentence. */
  readonly reason: string;
}

/** What steps are carried out with. Events that these answer have been published. */
export interface StepActions {
  /** Runs one prompt as a turn of the session. */
  readonly runPrompt: (prompt: string, scope: StepScope) => AsyncIterable<VictorEvent>;
  /** Runs one command as a call of the Bash tool. */
  readonly runCommand: (
    command: string,
    scope: StepScope & { readonly timeoutMs?: number | undefined },
  ) => AsyncIterable<VictorEvent>;
  /** Absent where nobody can be asked. */
  readonly ask?: ((question: StepQuestion) => Promise<Approval>) | undefined;
}

export interface RunOptions extends StepScope {
  readonly runId: string;
  readonly name: string;
  readonly workflow: Workflow;
  readonly input: string;
  readonly actions: StepActions;
  /** What an earlier process did of it. */
  readonly before: RunRecord | undefined;
  /** Steps that the user has said yes to. */
  readonly approved: ReadonlySet<string>;
}

type StepEnd = Pick<WorkflowStepEvent, 'exitCode' | 'output' | 'reason' | 'text'> & {
  readonly status: Exclude<WorkflowStepEvent['status'], 'started'>;
};
type Events<Result = void> = AsyncGenerator<VictorEvent, Result>;

/** Runs the steps that are left, and tells each; the last event is `workflow-end`. */
export async function* runSteps(options: RunOptions): Events {
  const startedAt = performance.now();
  const { name, runId } = options;
  const end = (outcome: WorkflowOutcome) => {
    const durationMs = performance.now() - startedAt;
    return told(options, { type: 'workflow-end', runId, workflow: name, outcome, durationMs });
  };
  let outcome: WorkflowOutcome;
  try {
    outcome = yield* stepAfterStep(options);
  } catch (error) {
    yield end(options.signal.aborted ? 'interrupted' : 'failed');
    throw error;
  }
  yield end(outcome);
}

async function* stepAfterStep(options: RunOptions): Events<WorkflowOutcome> {
  const { workflow, before } = options;
  const ends = new Map<string, WorkflowStepEvent>(before?.steps);
  const values: PlaceholderValues = {
    input: options.input,
    output: (step) => ends.get(step)?.output ?? '',
  };
  for (const [index, step] of workflow.steps.entries()) {
    const goesOn = goesOnAfterFailure(workflow.steps, index);
    if (before && isOver(before, stepName(step, index), goesOn)) continue;
    if (options.signal.aborted) return 'interrupted';
    const end = yield* oneStep(step, index, ends, values, options);
    ends.set(end.name, end);
    if (end.status === 'done' || end.status === 'skipped') continue;
    // A turn that a limit ended has failed, too.
    if ((end.status === 'failed' || end.status === 'limit') && goesOn) continue;
    return end.status as WorkflowOutcome;
  }
  return 'done';
}

async function* oneStep(
  step: WorkflowStep,
  index: number,
  ends: ReadonlyMap<string, WorkflowStepEvent>,
  values: PlaceholderValues,
  options: RunOptions,
): Events<WorkflowStepEvent> {
  const { workflow, name: workflowName, runId, before } = options;
  const name = stepName(step, index);
  const kind = stepKind(step);
  const place = { step: index + 1, steps: workflow.steps.length, name, kind };
  const about = { type: 'workflow-step', runId, workflow: workflowName, ...place } as const;
  const unmet = unmetCondition(workflow.steps, index, ends);
  if (unmet !== undefined) {
    const skipped = { ...about, status: 'skipped', reason: unmet } as const;
    yield told(options, skipped);
    return skipped;
  }
  const fill = kind === 'command' ? fillCommand : fillPrompt;
  const text = fill(stepText(step), values);
  const startedAt = performance.now();
  let end: StepEnd | undefined;
  // What a killed process had begun may have been done: that is nothing to do again unasked.
  if (kind === 'command' && before?.unknown.has(name)) {
    const question = `Run the command of step ${name} again? It was begun when the run broke off, and nobody knows how far it came: ${text}`;
    const answer = await askUser(question, name, place.step, options);
    if (answer.status !== 'done') end = { ...answer, text: question };
  }
  if (!end) {
    yield told(options, { ...about, status: 'started', text });
    end = { status: 'interrupted' };
    let thrown: unknown;
    try {
      if (kind === 'approval') end = await askUser(text, name, place.step, options);
      else if (kind === 'command') end = yield* runCommand(text, step, options);
      else end = yield* runPrompt(text, options);
    } catch (error) {
      thrown = error ?? new Error('the step failed without a reason');
      end = { status: options.signal.aborted ? 'interrupted' : 'failed' };
    }
    if (thrown !== undefined) {
      // Not over: whoever goes on with the run begins the step anew.
      yield told(options, {
        ...about,
        ...end,
        status: 'interrupted',
        durationMs: performance.now() - startedAt,
      });
      throw thrown;
    }
  }
  // Only what a name can be asked for, or what says why the run ended, is kept.
  const { output, ...rest } = end;
  const kept =
    output !== undefined && (step.name !== undefined || end.status === 'failed')
      ? { output: boundedOutput(output) }
      : {};
  const ended: WorkflowStepEvent = { ...about, ...rest, ...kept, durationMs: performance.now() - startedAt };
  yield told(options, ended);
  return ended;
}

/** Why the step is skipped; `undefined` where it is not. */
function unmetCondition(
  steps: readonly WorkflowStep[],
  index: number,
  ends: ReadonlyMap<string, WorkflowStepEvent>,
): string | undefined {
  const wanted = steps[index]?.when?.exitCode;
  if (wanted === undefined) return undefined;
  const target = conditionTarget(steps, index);
  const name = target === -1 ? '' : stepName(steps[target]!, target);
  const end = ends.get(name);
  if (end?.exitCode === undefined) return `step ${name} did not run`;
  const { exitCode } = end;
  if (wanted === '!0' ? exitCode !== 0 : exitCode === wanted) return undefined;
  return `step ${name} ended with ${exitCode === null ? 'no exit code' : `exit code ${exitCode}`}`;
}

async function askUser(question: string, name: string, step: number, options: RunOptions): Promise<StepEnd> {
  if (options.approved.has(name)) return { status: 'done', reason: 'approved by its name' };
  const { sessionId, signal, actions, workflow, name: workflowName } = options;
  if (!actions.ask) return { status: 'waiting', text: question };
  const reason = `Step ${step} of ${workflow.steps.length} of the workflow ${workflowName} asks.`;
  const answer = await actions.ask({ question, reason, sessionId, signal });
  if (signal.aborted) return { status: 'interrupted' };
  if (answer.allowed) return { status: 'done' };
  return { status: 'refused', reason: answer.feedback ?? 'the user said no' };
}

async function* runCommand(text: string, { timeoutMs }: WorkflowStep, options: RunOptions): Events<StepEnd> {
  const { sessionId, signal, actions } = options;
  let reason: string | undefined;
  let ended: EventOf<'tool-result'> | undefined;
  for await (const event of actions.runCommand(text, { sessionId, signal, timeoutMs })) {
    if (event.type === 'tool-decision') reason = event.decision.reason;
    if (event.type === 'tool-result') ended = event;
    yield event;
  }
  if (signal.aborted || !ended) return { status: 'interrupted' };
  const { result, denied } = ended;
  if (denied) return { status: 'refused', ...(reason === undefined ? {} : { reason }) };
  const { command } = result;
  if (!command) return { status: 'failed', reason: shortReason(result.content) };
  const { exitCode, output } = command;
  return { status: result.isError ? 'failed' : 'done', exitCode, output };
}

async function* runPrompt(text: string, options: RunOptions): Events<StepEnd> {
  const { sessionId, signal, actions } = options;
  let ended: EventOf<'turn-end'> | undefined;
  for await (const event of actions.runPrompt(text, { sessionId, signal })) {
    if (event.type === 'turn-end') ended = event;
    yield event;
  }
  if (!ended || ended.reason === 'interrupted') return { status: 'interrupted' };
  const { reason, content } = ended;
  if (reason === 'end') return { status: 'done', output: content };
  // A step that did not end by itself is no ground to build the next one on.
  if (reason === 'limit' || reason === 'max-tokens') return { status: 'limit', output: content };
  return { status: 'failed', output: content, reason: `the answer ended with ${reason}` };
}

/** What a tool says to the model may be long. */
function shortReason(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 300).toWellFormed();
}

function told({ sessionId }: StepScope, body: WorkflowEventBody): VictorEvent {
  return createEvent<WorkflowEventBody>(body, { sessionId });
}
