import { append, approvalAnswered } from '../state.js';
import { approvalDetails } from './approval-details.js';
import { approvalFits } from './approval-rows.js';
import { frameBudget } from './frame.js';
import type { ScreenStore } from './screen-store.js';
import type { ApprovalQueue, ApprovalRequest } from './session-port.js';
import { plainText } from './spans.js';

export interface Approvals {
  /** A question is on the screen. */
  readonly open: boolean;
  /** Answers it, unless it appeared so recently that the key was meant for something else. */
  answer(how: 'once' | 'session' | 'no'): void;
  close(): void;
}

/** Keys this soon after a question appeared were typed before it could be read. */
const graceMs = 500;

/** Shows the oldest question of the queue, its whole call included, and takes the answer. */
export function createApprovals(queue: ApprovalQueue, store: ScreenStore): Approvals {
  let shown: ApprovalRequest | undefined;
  let shownAt = 0;

  function show(): void {
    const request = queue.current();
    const waiting = Math.max(0, queue.waiting - 1);
    if (request === shown) {
      const { approval } = store.screen;
      if (approval && approval.waiting !== waiting) {
        store.update({ approval: { ...approval, waiting } }, 'now');
      }
      return;
    }
    // No event says that a question was answered, and the tool may run for long before the next one comes.
    if (shown) store.update({ state: approvalAnswered(store.screen.state, shown.call.id) }, 'now');
    shown = request;
    if (!request) {
      store.update({ approval: undefined }, 'now');
      return;
    }
    shownAt = performance.now();
    const { call, title, decision } = request;
    const { columns, rows, state } = store.screen;
    const change = state.approvals.find(({ callId }) => callId === call.id)?.change;
    const details = approvalDetails(call, change);
    const printed = !approvalFits(details, columns, frameBudget(rows));
    const text = details.map(plainText).join('\n');
    const approval = { name: call.name, title, reason: decision.reason, details, printed, waiting };
    const body = { kind: 'output', title: `${call.name}: the whole call`, text } as const;
    store.update({ approval, ...(printed ? { state: append(state, body) } : {}) }, 'now');
  }

  const unsubscribe = queue.subscribe(show);
  show();
  return {
    get open() {
      return shown !== undefined;
    },
    answer(how) {
      if (!shown || performance.now() - shownAt < graceMs) return;
      queue.answer(shown, { allowed: how !== 'no', scope: how === 'session' ? 'session' : 'once' });
    },
    close: unsubscribe,
  };
}
