import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { initialState, reduce } from '../../src/state.js';
import { createApprovalQueue } from '../../src/ui/approval-queue.js';
import { createApprovals } from '../../src/ui/approvals.js';
import { initialInput } from '../../src/ui/input-state.js';
import { createScreenStore } from '../../src/ui/screen-store.js';
import type { ApprovalRequest } from '../../src/ui/session-port.js';
import { plainText } from '../../src/ui/spans.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const queue = createApprovalQueue();
  const store = createScreenStore({
    initial: {
      state: initialState(),
      input: initialInput(),
      columns: 80,
      rows: 24,
      now: 0,
      approval: undefined,
      queued: [],
      hint: '',
      print: { number: 0, blocks: [] },
    },
    paint: () => {},
  });
  const approvals = createApprovals(queue, store);
  const ask = (command: string) => {
    const call = { id: command, name: 'Bash', input: { command } };
    const decision = { verdict: 'ask', reason: 'Mode ask asks.' } as const;
    const request: ApprovalRequest = {
      call,
      title: command,
      decision,
      sessionId: 's',
      signal: new AbortController().signal,
    };
    return queue.request(request);
  };
  return { queue, store, approvals, ask };
}

describe('approvals on the screen', () => {
  it('U11 take no key in the first 500 ms, and the first one after', async () => {
    const { approvals, ask } = setUp();
    const answer = ask('rm -rf /');
    approvals.answer('once');
    vi.advanceTimersByTime(499);
    approvals.answer('session');
    expect(approvals.open).toBe(true);
    vi.advanceTimersByTime(1);
    approvals.answer('no');
    expect(await answer).toEqual({ allowed: false, scope: 'once' });
    expect(approvals.open).toBe(false);
  });

  it('U11 start the 500 ms anew for the question behind', async () => {
    const { approvals, store, ask } = setUp();
    const first = ask('one');
    const second = ask('two');
    expect(store.screen.approval).toMatchObject({ title: 'one', waiting: 1 });
    vi.advanceTimersByTime(500);
    approvals.answer('once');
    expect(await first).toEqual({ allowed: true, scope: 'once' });
    expect(store.screen.approval).toMatchObject({ title: 'two', waiting: 0 });
    approvals.answer('once');
    expect(approvals.open).toBe(true);
    vi.advanceTimersByTime(500);
    approvals.answer('session');
    expect(await second).toEqual({ allowed: true, scope: 'session' });
    expect(store.screen.approval).toBeUndefined();
  });

  it('no longer say that the tool waits once they are answered', async () => {
    const { approvals, store, ask } = setUp();
    const on = { id: 'event', sessionId: 's', timestamp: 0 };
    const call = { id: 'sleep 30', name: 'Bash', input: { command: 'sleep 30' } };
    const decision = { verdict: 'ask', reason: 'Mode ask asks.' } as const;
    const events: VictorEvent[] = [
      { ...on, type: 'tool-call', call, title: 'sleep 30' },
      { ...on, type: 'approval-request', call, title: 'sleep 30', decision },
    ];
    store.update({ state: events.reduce(reduce, store.screen.state) }, 'now');
    const answer = ask('sleep 30');
    expect(store.screen.state.tools).toMatchObject([{ status: 'asking' }]);
    vi.advanceTimersByTime(500);
    approvals.answer('once');
    await answer;
    expect(store.screen.state.tools).toMatchObject([{ status: 'running' }]);
    expect(store.screen.state.approvals).toEqual([]);
  });

  it('show what the call would change in the file, as the event told it', () => {
    const { store, queue } = setUp();
    const call = { id: 'e', name: 'Edit', input: { path: 'a.ts', oldText: 'b', newText: 'B' } };
    const decision = { verdict: 'ask', reason: 'Mode ask asks.' } as const;
    const change = { path: 'a.ts', before: 'a\nb\n', after: 'a\nB\n' };
    const scope = { id: 'event', sessionId: 's', timestamp: 0 };
    const event: VictorEvent = { ...scope, type: 'approval-request', call, title: 'a.ts', decision, change };
    store.update({ state: reduce(store.screen.state, event) }, 'now');
    const { signal } = new AbortController();
    void queue.request({ call, title: 'a.ts', decision, sessionId: 's', signal });
    expect(store.screen.approval?.details.map(plainText)).toEqual([
      '  path: a.ts',
      '  1   a',
      '  2 - b',
      '  2 + B',
    ]);
  });

  it('print the whole call above when it is taller than the screen', () => {
    const { store, ask } = setUp();
    void ask('short');
    expect(store.screen.approval?.printed).toBe(false);
    const { store: other, ask: askOther } = setUp();
    const command = Array.from({ length: 50 }, (_, line) => `echo ${line}`).join('\n');
    void askOther(command);
    expect(other.screen.approval?.printed).toBe(true);
    const [block] = other.screen.state.blocks;
    expect(block).toMatchObject({ kind: 'output', text: expect.stringContaining('echo 49') });
  });
});
