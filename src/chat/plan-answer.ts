import { type ModeCoordinator, modes } from '../core/coordinator.js';
import { createEvent } from '../core/create-event.js';
import type { Approval } from '../core/decision.js';
import type { VictorEvent } from '../core/event.js';
import type { ToolResult } from '../core/tool.js';

export interface PlanAnswerOptions {
  readonly approval: Approval;
  readonly sessionId: string;
  readonly turnId: string;
  readonly mode: Pick<ModeCoordinator, 'current' | 'set'>;
}

/**
 * What the user's answer to a plan comes to: a yes with a mode changes the session's, and the model reads what holds now
 * or what to change. `undefined` for a bare no.
 */
export function* planAnswer(options: PlanAnswerOptions): Generator<VictorEvent, ToolResult | undefined> {
  const { approval, sessionId, turnId, mode } = options;
  if (!approval.allowed) return approval.feedback ? revision(approval.feedback) : undefined;
  const from = mode.current(sessionId);
  // A host may answer anything; only a mode that exists is set.
  const chosen = modes.find((one) => one === approval.mode);
  if (chosen !== undefined) mode.set(chosen, sessionId);
  const to = mode.current(sessionId);
  if (to === from) return approvedOnly(to);
  yield createEvent({ type: 'mode-change', from, to }, { sessionId, turnId });
  const content = `The user approved the plan and changed the mode to ${to}. Carry the plan out now.`;
  return { content, summary: `approved, mode ${to}` };
}

function revision(feedback: string): ToolResult {
  const content = `The user wants the plan changed: ${feedback}\nChange it, then hand it over again.`;
  return { content, summary: `to be revised: ${feedback}` };
}

/** A host that knows nothing of plans says yes and no more. */
function approvedOnly(mode: string): ToolResult {
  const content = `The user approved the plan, but the mode is still ${mode}: end here, until the user changes it.`;
  return { content, summary: 'approved' };
}
