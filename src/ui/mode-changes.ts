import type { Mode } from '../core/coordinator.js';
import type { EventOf } from '../core/event.js';
import type { Conversation } from './conversation.js';
import { asMessage } from './own-command.js';
import type { ApprovalQueue, SessionPort } from './session-port.js';

export interface ModeChangesOptions {
  readonly port: Pick<SessionPort, 'coordinators' | 'setMode' | 'subscribe'>;
  readonly queue: ApprovalQueue;
  readonly conversation: Pick<Conversation, 'sessionId' | 'send'>;
}

export interface ModeChanges {
  /** Changes the mode and answers `true`; where that leaves a plan that was not approved, asks about it first. */
  change(next: Mode, sessionId: string): boolean;
  close(): void;
}

type HandedOver = EventOf<'approval-request'>;

/** Changes modes as the user wants it, and knows of each session the plan that waits for a yes. */
export function createModeChanges({ port, queue, conversation }: ModeChangesOptions): ModeChanges {
  const plans = new Map<string, HandedOver>();
  /** The question that is open for a session. */
  const asking = new Map<string, AbortController>();

  const unsubscribe = port.subscribe((event) => {
    const { sessionId } = event;
    if (event.type === 'approval-request' && event.decision.plan !== undefined) plans.set(sessionId, event);
    if (
      !['session-reset', 'rewind'].includes(event.type) &&
      !(event.type === 'mode-change' && event.to !== 'plan')
    )
      return;
    plans.delete(sessionId);
    asking.get(sessionId)?.abort();
  });

  async function ask(handedOver: HandedOver, next: Mode): Promise<void> {
    const { call, title, sessionId } = handedOver;
    const controller = new AbortController();
    const { signal } = controller;
    asking.set(sessionId, controller);
    const reason = `This plan is not approved yet. n goes on to mode ${next} without it.`;
    const decision = { ...handedOver.decision, reason };
    const takeBack = () => controller.abort();
    const approval = await queue.request({ call, title, decision, sessionId, signal, takeBack });
    asking.delete(sessionId);
    if (signal.aborted || conversation.sessionId !== sessionId) return;
    if (approval.feedback !== undefined) {
      conversation.send(asMessage(approval.feedback));
      return;
    }
    port.setMode(approval.mode ?? next, sessionId);
    if (approval.allowed) conversation.send(goAhead(handedOver), { typed: false });
  }

  /** What the user's yes is to the model, whose turn ended before it. */
  function goAhead({ call, decision, sessionId }: HandedOver): string {
    const { messages } = port.coordinators.context.getContext(sessionId);
    const known = messages.some(({ toolCalls }) => toolCalls?.some(({ id }) => id === call.id));
    return known
      ? 'I approve your plan. Carry it out.'
      : `I approve this plan. Carry it out.\n\n${decision.plan}`;
  }

  return {
    change(next, sessionId) {
      const handedOver = next === 'plan' ? undefined : plans.get(sessionId);
      if (!handedOver) port.setMode(next, sessionId);
      else if (!asking.has(sessionId)) void ask(handedOver, next);
      return handedOver === undefined;
    },
    close: unsubscribe,
  };
}
