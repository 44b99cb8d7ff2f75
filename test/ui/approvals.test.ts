import { renderToString } from 'ink';
import { createElement } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { reduce } from '../../src/state.js';
import { createApprovalQueue } from '../../src/ui/approval-queue.js';
import { approvalRows } from '../../src/ui/approval-rows.js';
import { createApprovals } from '../../src/ui/approvals.js';
import { BlockView } from '../../src/ui/components/block-view.js';
import { initialInput } from '../../src/ui/input-state.js';
import { createScreenStore } from '../../src/ui/screen-store.js';
import type { ApprovalRequest } from '../../src/ui/session-port.js';
import { plainText } from '../../src/ui/spans.js';
import { blankScreen } from './programs/blank-screen.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const queue = createApprovalQueue();
  const store = createScreenStore({
    initial: blankScreen,
    paint: () => {},
  });
  const approvals = createApprovals(queue, store);
  const ask = (command: string, more: Partial<ApprovalRequest> = {}) => {
    const call = { id: command, name: 'Bash', input: { command } };
    const decision = { verdict: 'ask', reason: 'Mode ask asks.' } as const;
    const request: ApprovalRequest = {
      call,
      title: command,
      decision,
      sessionId: 's',
      signal: new AbortController().signal,
      ...more,
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

  it('U11 start the 500 ms anew when the screen comes back from an editor or the shell', async () => {
    const { approvals, store, ask } = setUp();
    const draw = store.hold();
    const answer = ask('rm -rf /');
    vi.advanceTimersByTime(60_000);
    draw();
    approvals.answer('session');
    vi.advanceTimersByTime(499);
    approvals.answer('session');
    expect(approvals.open).toBe(true);
    vi.advanceTimersByTime(1);
    approvals.answer('no');
    expect(await answer).toEqual({ allowed: false, scope: 'once' });
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

  it('print every line of a call that is longer than an output shows', () => {
    const { store, ask } = setUp();
    const command = Array.from({ length: 1_500 }, (_, line) => `echo ${line}.`).join('\n');
    void ask(command);
    const { blocks } = store.screen.state;
    const printed = blocks.map((block) => renderToString(createElement(BlockView, { block, columns: 80 })));
    for (const line of [0, 399, 400, 401, 1_499]) expect(printed.join('\n')).toContain(`echo ${line}.`);
    expect(printed.join('\n')).not.toContain('more lines');
  });

  it('take no yes for what a window that has become smaller hides, before it is printed whole', async () => {
    const { approvals, store, ask } = setUp();
    const answer = ask(Array.from({ length: 12 }, (_, line) => `echo ${line}.`).join('\n'));
    expect(store.screen.approval?.printed).toBe(false);
    store.update({ rows: 10 }, 'now');
    vi.advanceTimersByTime(500);
    approvals.answer('once');
    expect(approvals.open).toBe(true);
    expect(store.screen.approval?.printed).toBe(true);
    expect(store.screen.state.blocks).toMatchObject([{ text: expect.stringContaining('echo 11.') }]);
    approvals.answer('once');
    expect(approvals.open).toBe(true);
    vi.advanceTimersByTime(500);
    approvals.answer('once');
    expect(await answer).toEqual({ allowed: true, scope: 'once' });
  });

  it.each([
    ['once', { allowed: true, scope: 'once' }],
    ['session', { allowed: true, scope: 'session' }],
    ['project', { allowed: true, scope: 'project' }],
    ['no', { allowed: false, scope: 'once' }],
    ['accept-edits', { allowed: true, scope: 'once', mode: 'accept-edits' }],
    ['ask', { allowed: true, scope: 'once', mode: 'ask' }],
  ] as const)('answer %s with %j', async (how, approval) => {
    const { approvals, ask } = setUp();
    const answer = ask('make');
    vi.advanceTimersByTime(500);
    approvals.answer(how);
    expect(await answer).toEqual(approval);
  });
});

describe('saying what instead', () => {
  const type = (approvals: ReturnType<typeof setUp>['approvals'], text: string) =>
    approvals.edit([{ type: 'insert', text }]);

  it('sends a refusal with what was written, and leaves the draft of a message alone', async () => {
    const { approvals, store, ask } = setUp();
    store.update({ input: { ...initialInput(), text: 'a draft', cursor: 7 } }, 'now');
    const answer = ask('npm test');
    vi.advanceTimersByTime(500);
    approvals.answer('write');
    type(approvals, ' use pnpm\ninstead ');
    expect(approvals.entry?.text).toBe(' use pnpm\ninstead ');
    vi.advanceTimersByTime(500);
    approvals.send();
    expect(await answer).toEqual({ allowed: false, scope: 'once', feedback: 'use pnpm\ninstead' });
    expect(store.screen.approval).toBeUndefined();
    expect(store.screen.input.text).toBe('a draft');
  });

  it('U11 opens with no key that was typed before the question could be read, and takes no text then', () => {
    const { approvals, ask } = setUp();
    void ask('npm test');
    type(approvals, 'typed before');
    approvals.answer('write');
    expect(approvals.entry).toBeUndefined();
    vi.advanceTimersByTime(500);
    type(approvals, 'typed after');
    expect(approvals.entry).toBeUndefined();
  });

  it('U11 is not sent by an Enter that was typed in one go with the key that opened it', async () => {
    const { approvals, ask } = setUp();
    const answer = ask('npm test');
    vi.advanceTimersByTime(500);
    approvals.answer('write');
    type(approvals, 'un it');
    approvals.send();
    expect(approvals.open).toBe(true);
    vi.advanceTimersByTime(500);
    approvals.send();
    expect(await answer).toMatchObject({ feedback: 'un it' });
  });

  it('sends nothing while there is nothing to say', () => {
    const { approvals, ask } = setUp();
    void ask('npm test');
    vi.advanceTimersByTime(500);
    approvals.answer('write');
    type(approvals, ' \n ');
    vi.advanceTimersByTime(500);
    approvals.send();
    expect(approvals.open).toBe(true);
  });

  it('is left by going back; what is typed on is no answer for 500 ms', async () => {
    const { approvals, ask } = setUp();
    const answer = ask('npm test');
    vi.advanceTimersByTime(500);
    approvals.answer('write');
    vi.advanceTimersByTime(500);
    approvals.back();
    expect(approvals.entry).toBeUndefined();
    approvals.answer('once');
    expect(approvals.open).toBe(true);
    vi.advanceTimersByTime(500);
    approvals.answer('no');
    expect(await answer).toEqual({ allowed: false, scope: 'once' });
  });

  it('stays while another question lines up behind, and goes with its own question', async () => {
    const { approvals, store, ask } = setUp();
    const controller = new AbortController();
    const first = ask('one', { signal: controller.signal });
    void ask('two');
    vi.advanceTimersByTime(500);
    approvals.answer('write');
    type(approvals, 'half a sen');
    void ask('three');
    expect(store.screen.approval).toMatchObject({ title: 'one', waiting: 2, entry: { text: 'half a sen' } });
    controller.abort();
    await first;
    expect(store.screen.approval).toMatchObject({ title: 'two', entry: undefined });
    approvals.answer('once');
    expect(store.screen.approval).toMatchObject({ title: 'two' });
  });
});

describe('a plan on the screen', () => {
  const plan = Array.from({ length: 900 }, (_, step) => `${step + 1}. **Step** ${step + 1}`).join('\n');

  const decision = { verdict: 'ask', reason: 'Mode plan asks.', plan } as const;

  it('goes whole into the transcript, however long, and the question names its own keys', () => {
    const { approvals, store, ask } = setUp();
    void ask('Plan', { decision: { ...decision, plan: `${plan}\n\n` } });
    expect(approvals.kind).toBe('plan');
    expect(store.screen.approval).toMatchObject({ kind: 'plan', printed: true });
    expect(store.screen.state.blocks).toMatchObject([
      { kind: 'notice', text: 'The plan:' },
      { kind: 'answer', text: plan, fence: '' },
    ]);
  });

  it('cannot be taken back where a turn waits for the answer', () => {
    const { approvals, ask } = setUp();
    void ask('Plan', { decision });
    expect(approvals.takeBack()).toBe(false);
    expect(approvals.open).toBe(true);
  });

  it('can be taken back where the screen itself asks', () => {
    const { approvals, ask } = setUp();
    const controller = new AbortController();
    void ask('Plan', { decision, signal: controller.signal, takeBack: () => controller.abort() });
    expect(approvals.kind).toBe('leaving');
    expect(approvals.takeBack()).toBe(true);
    expect(approvals.open).toBe(false);
  });

  it('shows each of several calls in full, and takes one yes for all of them', async () => {
    const { approvals, store, ask } = setUp();
    const behind = ['npm run lint', 'rm -rf dist'].map((command) => ({
      id: command,
      name: 'Bash',
      input: { command },
    }));
    const answer = ask('npm test', { behind });
    const { approval } = store.screen;
    expect(approval?.calls).toBe(3);
    const rows = approvalRows(approval!, 80, 20).map(plainText);
    expect(rows.map((row) => row.trim())).toEqual([
      '',
      'Allow 3 calls of Bash?',
      '1 of 3',
      'npm test',
      '2 of 3',
      'npm run lint',
      '3 of 3',
      'rm -rf dist',
      'Mode ask asks.',
      'y first · t all 3 · a session · p project · n no · r instead · Esc',
    ]);
    vi.advanceTimersByTime(500);
    approvals.answer('together');
    expect(await answer).toEqual({ allowed: true, scope: 'once', together: true });
  });

  it('prints several calls that are taller than the screen above the question, none left out', () => {
    const { store, ask } = setUp();
    const behind = Array.from({ length: 12 }, (_, index) => ({
      id: `${index}`,
      name: 'Bash',
      input: { command: `first ${index}\nsecond ${index}` },
    }));
    void ask('make', { behind });
    const [printed] = store.screen.state.blocks.slice(-1);
    expect(store.screen.approval?.printed).toBe(true);
    expect(printed).toMatchObject({ kind: 'output', title: 'Bash: the 13 calls, whole' });
    for (let index = 0; index < 12; index += 1)
      expect(printed?.kind === 'output' && printed.text).toContain(`second ${index}`);
  });
});
