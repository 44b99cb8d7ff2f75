import { describe, expect, it } from 'vitest';
import { createApprovalQueue } from '../../src/ui/approval-queue.js';
import type { ApprovalRequest } from '../../src/ui/session-port.js';

function request(id: string, signal = new AbortController().signal): ApprovalRequest {
  const decision = { verdict: 'ask', reason: 'why' } as const;
  return { call: { id, name: 'Bash', input: {} }, title: id, decision, sessionId: 's', signal };
}

describe('the approval queue', () => {
  it('answers the oldest question first, each with its own answer', async () => {
    const queue = createApprovalQueue();
    const first = queue.request(request('a'));
    const second = queue.request(request('b'));
    expect(queue.waiting).toBe(2);
    queue.answer(queue.current()!, { allowed: true, scope: 'session' });
    queue.answer(queue.current()!, { allowed: false, scope: 'once', feedback: 'rather not' });
    expect(await first).toEqual({ allowed: true, scope: 'session' });
    expect(await second).toEqual({ allowed: false, scope: 'once', feedback: 'rather not' });
    expect(queue.current()).toBeUndefined();
  });

  it('refuses a question whose turn is stopped, before or after it is asked', async () => {
    const queue = createApprovalQueue();
    const controller = new AbortController();
    const asked = queue.request(request('a', controller.signal));
    controller.abort();
    expect(await asked).toEqual({ allowed: false, scope: 'once' });
    expect(await queue.request(request('b', controller.signal))).toEqual({ allowed: false, scope: 'once' });
    expect(queue.waiting).toBe(0);
  });

  it('tells its listeners of every change, and ignores an answer that comes too late', async () => {
    const queue = createApprovalQueue();
    let changes = 0;
    const stop = queue.subscribe(() => {
      changes += 1;
    });
    const asked = queue.request(request('a'));
    const current = queue.current()!;
    queue.answer(current, { allowed: true, scope: 'once' });
    queue.answer(current, { allowed: false, scope: 'once' });
    expect(await asked).toEqual({ allowed: true, scope: 'once' });
    expect(changes).toBeGreaterThanOrEqual(2);
    const before = changes;
    stop();
    void queue.request(request('b'));
    expect(changes).toBe(before);
  });
});
