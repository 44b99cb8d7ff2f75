import { LoopGuard } from '../chat/loop-guard.js';
import { runToolCalls } from '../chat/run-tool-calls.js';
import type { Coordinators, WorkflowRunOptions } from '../core/coordinator.js';
import { HookError } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';
import type { Hooks } from '../core/hook.js';
import { newId } from '../core/id.js';
import type { EventPublisher } from '../event-publisher.js';
import type { StepActions } from '../workflow/run-steps.js';
import type { OpenedSessions } from './opened-sessions.js';

export interface WorkflowRunsOptions {
  readonly coordinators: Pick<Coordinators, 'tool' | 'permission' | 'checkpoint' | 'mode' | 'workflow'>;
  readonly events: Pick<EventPublisher, 'publish'>;
  readonly sessions: Pick<OpenedSessions, 'enter' | 'open'>;
  readonly hooks?: Pick<Hooks, 'beginStep'> | undefined;
}

const own: ReadonlySet<VictorEvent['type']> = new Set([
  'workflow-start',
  'workflow-step',
  'workflow-end',
] as const);

/** Runs a workflow in a session: what its coordinator tells of its steps goes to the log before anybody else has it. */
export async function* runWorkflow(
  name: string,
  input: string,
  options: WorkflowRunOptions,
  { coordinators, events, sessions }: WorkflowRunsOptions,
): AsyncGenerator<VictorEvent, void> {
  await sessions.open(options.sessionId);
  for await (const event of coordinators.workflow.run(name, input, options)) {
    // What its prompts and commands tell has been published where it happened.
    if (own.has(event.type)) await events.publish(event);
    yield event;
  }
}

/** Runs the command of a step as a call of the Bash tool: with its classification, rules, hooks, questions, sandbox and bounds. */
export async function* runStepCommand(
  command: string,
  { sessionId, signal, timeoutMs }: Parameters<StepActions['runCommand']>[1],
  { coordinators, events, sessions, hooks }: WorkflowRunsOptions,
): AsyncGenerator<VictorEvent, void> {
  const release = await sessions.enter(sessionId, signal);
  const input = { command, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  const call = { id: newId(), name: 'Bash', input };
  // No turn of the session's runs now, so there is none that hooks would know.
  const step = hooks?.beginStep(sessionId, call.id, signal);
  const either = step?.signal ?? signal;
  try {
    const scope = { id: newId(), sessionId };
    for await (const event of runToolCalls([call], scope, either, coordinators, new LoopGuard())) {
      await events.publish(event);
      yield event;
    }
    const stopped = signal.aborted ? undefined : step?.stopped();
    if (stopped !== undefined) throw new HookError(`A hook ends the workflow: ${stopped}`);
  } finally {
    step?.end();
    release();
  }
}
