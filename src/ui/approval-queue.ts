import type { Approval } from '../core/decision.js';
import type { ApprovalQueue, ApprovalRequest } from './session-port.js';

interface Question {
  readonly request: ApprovalRequest;
  readonly settle: (approval: Approval) => void;
}

const refusal: Approval = { allowed: false, scope: 'once' };

/** Questions in the order they came. A question whose turn is aborted is answered with a refusal and leaves. */
export function createApprovalQueue(): ApprovalQueue {
  const questions: Question[] = [];
  const listeners = new Set<() => void>();

  function answer(request: ApprovalRequest, approval: Approval): void {
    const index = questions.findIndex((one) => one.request === request);
    const [question] = index < 0 ? [] : questions.splice(index, 1);
    question?.settle(approval);
    for (const listener of listeners) listener();
  }

  return {
    request(request) {
      if (request.signal.aborted) return Promise.resolve(refusal);
      return new Promise((resolve) => {
        const onAbort = () => answer(request, refusal);
        request.signal.addEventListener('abort', onAbort, { once: true });
        const settle = (approval: Approval) => {
          request.signal.removeEventListener('abort', onAbort);
          resolve(approval);
        };
        questions.push({ request, settle });
        for (const listener of listeners) listener();
      });
    },
    current: () => questions[0]?.request,
    get waiting() {
      return questions.length;
    },
    answer,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
