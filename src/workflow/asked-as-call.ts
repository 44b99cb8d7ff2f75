import type { Approval, Decision } from '../core/decision.js';
import { newId } from '../core/id.js';
import type { ToolCall } from '../core/message.js';
import { untilAborted } from '../core/until-aborted.js';
import type { StepActions } from './run-steps.js';

/** Puts a question of a workflow to whoever answers for calls of tools: a yes is for this one question. */
export function askedAsCall(
  onApproval: (request: {
    readonly call: ToolCall;
    readonly title: string;
    readonly decision: Decision;
    readonly scopes: readonly Approval['scope'][];
    readonly sessionId: string;
    readonly signal: AbortSignal;
  }) => Promise<Approval>,
): NonNullable<StepActions['ask']> {
  return async ({ question, reason, sessionId, signal }) => {
    const call = { id: newId(), name: 'Workflow', input: { question } };
    const decision: Decision = { verdict: 'ask', reason, onlyOnce: true };
    const request = { call, title: question, decision, scopes: ['once'] as const, sessionId, signal };
    // An abort answers for a user who has not; so does whoever fails or answers nonsense.
    const asked = (async () => onApproval(request))();
    const answer: Approval | undefined = await untilAborted(asked, signal).catch(() => undefined);
    const { allowed, feedback } = answer ?? {};
    return {
      allowed: allowed === true,
      scope: 'once',
      ...(typeof feedback === 'string' ? { feedback } : {}),
    };
  };
}
