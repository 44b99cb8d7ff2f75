import type { StepStatus, WorkflowEventBody, WorkflowOutcome, WorkflowStepEvent } from '../core/workflow.js';

const ends: Readonly<Record<WorkflowOutcome, string>> = {
  done: 'done',
  failed: 'stopped, because a step failed',
  refused: 'stopped, because a step was refused',
  waiting: 'waits for a yes',
  limit: 'stopped at a limit',
  interrupted: 'interrupted',
};

/** What happened in a workflow, in one line. */
export function workflowLine(event: WorkflowEventBody): string {
  switch (event.type) {
    case 'workflow-start': {
      const { finished } = event;
      if (finished === undefined) return `Workflow ${event.workflow}: ${event.steps} steps`;
      return `Workflow ${event.workflow}: goes on behind ${finished.length} of ${event.steps} steps`;
    }
    case 'workflow-step':
      return event.status === 'started'
        ? `${place(event)}: ${event.text ?? ''}`
        : `${place(event)} ${endOf(event)}`;
    case 'workflow-end':
      return `Workflow ${event.workflow} ${ends[event.outcome]}, after ${seconds(event.durationMs)}`;
  }
}

function place({ step, steps, name }: WorkflowStepEvent): string {
  return `Step ${step}/${steps}${name === String(step) ? '' : ` ${name}`}`;
}

function endOf({ status, exitCode, durationMs, reason }: WorkflowStepEvent): string {
  const time = durationMs === undefined ? '' : `, ${seconds(durationMs)}`;
  const code = typeof exitCode === 'number' ? `: exit code ${exitCode}` : '';
  return `${words[status]}${code}${time}${reason === undefined ? '' : ` (${reason})`}`;
}

const words: Readonly<Record<StepStatus, string>> = {
  started: 'started',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
  refused: 'refused',
  waiting: 'waits for a yes',
  limit: 'stopped at a limit',
  interrupted: 'interrupted',
};

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
