import type { EventOf } from '../core/event.js';
import { workflowLine } from '../workflow/workflow-line.js';
import type { State } from './screen-state.js';
import { note } from './transcript.js';
import { busy, endTurn } from './turn.js';

/** A line for each step as it starts and ends; in between the screen is as busy as in a turn. */
export function workflowTold(
  state: State,
  event: EventOf<'workflow-start' | 'workflow-step' | 'workflow-end'>,
): State {
  const line = workflowLine(event);
  if (event.type === 'workflow-start') return note(state, line);
  if (event.type === 'workflow-end') {
    return note(endTurn(state), line, event.outcome === 'done' ? 'info' : 'warning');
  }
  const { status, step, steps, name, timestamp } = event;
  const told = note(state, line, status === 'failed' || status === 'refused' ? 'warning' : 'info');
  if (status !== 'started') return told;
  const detail = `Step ${step}/${steps} ${name === String(step) ? '' : name}`.trim();
  return { ...told, turn: { ...busy(timestamp), activity: 'working', detail } };
}
