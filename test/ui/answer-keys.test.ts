import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { initialState } from '../../src/state.js';
import { createAnswerKeys } from '../../src/ui/answer-keys.js';
import { createApprovalQueue } from '../../src/ui/approval-queue.js';
import { createApprovals } from '../../src/ui/approvals.js';
import { initialInput, reduceInput, textOf } from '../../src/ui/input-state.js';
import { createKeyParser } from '../../src/ui/keys.js';
import { createScreenStore } from '../../src/ui/screen-store.js';
import type { ApprovalRequest } from '../../src/ui/session-port.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A question on the screen and a keyboard that types bytes, as a terminal sends them. */
function setUp(more: Partial<ApprovalRequest> = {}) {
  const queue = createApprovalQueue();
  const screen = { columns: 80, rows: 24, now: 0, queued: [], hint: '', print: { number: 0, blocks: [] } };
  const initial = { ...screen, state: initialState(), input: initialInput(), approval: undefined };
  const store = createScreenStore({ initial, paint: () => {} });
  const approvals = createApprovals(queue, store);
  let interrupts = 0;
  const onKey = createAnswerKeys({
    approvals,
    columns: () => 78,
    draft: {
      get input() {
        return store.screen.input;
      },
      edit: (actions) => store.update({ input: actions.reduce(reduceInput, store.screen.input) }, 'now'),
      put: (input) => store.update({ input }, 'now'),
    },
    hint: (hint) => store.update({ hint }, 'now'),
    interrupt: () => {
      interrupts += 1;
    },
    repaint: () => {},
  });
  const type = (bytes: string) => {
    const parser = createKeyParser();
    for (const key of [...parser.push(bytes), ...parser.flush()]) onKey(key);
  };
  const call = { id: '1', name: 'Bash', input: { command: 'make' } };
  const decision = { verdict: 'ask', reason: 'Mode ask asks.' } as const;
  const { signal } = new AbortController();
  const ask = () => queue.request({ call, title: 'make', decision, sessionId: 's', signal, ...more });
  const draft = () => textOf(store.screen.input);
  return { approvals, answer: ask(), ask, store, draft, type, interrupts: () => interrupts };
}

describe('the keys while a question is open', () => {
  it('write what instead in as many lines as it takes, where letters answer nothing', async () => {
    const { approvals, answer, type } = setUp();
    vi.advanceTimersByTime(500);
    type('r');
    vi.advanceTimersByTime(500);
    type('yanp');
    type('\u007f\u001b[13;2u\u001b[200~pasted\u001b[31m\u001b[201~');
    type('\u001b[Z\t\u000f\u0004');
    expect(approvals.entry?.text).toBe('yan\npasted');
    type('\r');
    expect(await answer).toEqual({ allowed: false, scope: 'once', feedback: 'yan\npasted' });
  });

  it('U11 do nothing while a message is being written on that was begun before the question, until there is a pause', async () => {
    const { approvals, answer, type } = setUp();
    for (const letter of 'and then say yes, but only after a test') {
      vi.advanceTimersByTime(120);
      type(letter);
    }
    expect([approvals.open, approvals.entry]).toEqual([true, undefined]);
    vi.advanceTimersByTime(500);
    type('n');
    expect(await answer).toEqual({ allowed: false, scope: 'once' });
  });

  it('U11 do nothing that was typed in one go, whatever it is, before and after the 500 ms', () => {
    const { approvals, type } = setUp();
    type('y');
    type('r');
    type('run it\r');
    vi.advanceTimersByTime(500);
    type('run it\r');
    type('\u001b[200~y\u001b[201~');
    expect([approvals.open, approvals.entry]).toEqual([true, undefined]);
  });

  it('U11 what is written while the question opens and is open is in the message afterwards, and approves nothing', async () => {
    const { answer, approvals, type, store, draft } = setUp();
    store.update({ input: initialInput() }, 'now');
    const text = 'and then say yes, any way you like';
    for (const letter of text) {
      vi.advanceTimersByTime(120);
      type(letter);
    }
    type('xx\u007f\u007f');
    type('\u001b[200~, pasted y\u001b[201~');
    type('\r');
    expect(approvals.open).toBe(true);
    expect(store.screen.hint).toContain('kept for your next message');
    vi.advanceTimersByTime(500);
    type('n');
    expect(await answer).toEqual({ allowed: false, scope: 'once' });
    expect(draft()).toBe(`${text}, pasted y`);
    expect(store.screen.hint).toBe('');
  });

  it('U11 somebody who begins to write long after the question came approves nothing behind the first letter', () => {
    const { approvals, type, draft } = setUp();
    vi.advanceTimersByTime(60_000);
    for (const letter of 'why not, say yes') {
      type(letter);
      vi.advanceTimersByTime(400);
    }
    expect(approvals.open).toBe(true);
    expect(draft()).toBe('why not, say yes');
  });

  it.each([
    ['an arrow', '\u001b[A'],
    ['Shift+Tab', '\u001b[Z'],
    ['Ctrl+L', '\u000c'],
  ])('a deliberate key answers right behind %s, which writes nothing', async (_, bytes) => {
    const { answer, type, draft } = setUp();
    vi.advanceTimersByTime(499);
    type(bytes);
    vi.advanceTimersByTime(1);
    type(bytes);
    type('y');
    expect(await answer).toEqual({ allowed: true, scope: 'once' });
    expect(draft()).toBe('');
  });

  it('tell whoever asked that somebody is there, whatever the key', () => {
    const onKey = vi.fn();
    const { type } = setUp({ onKey });
    type('\u001b[A');
    type('x');
    expect(onKey).toHaveBeenCalledTimes(2);
  });

  it('a key that came too early and is pressed again is no part of the message', async () => {
    const { answer, ask, type, draft, store } = setUp();
    store.update({ input: reduceInput(initialInput(), { type: 'insert', text: 'so far' }) }, 'now');
    type('y');
    expect(draft()).toBe('so fary');
    vi.advanceTimersByTime(300);
    type('Y');
    vi.advanceTimersByTime(500);
    type('y');
    expect(await answer).toEqual({ allowed: true, scope: 'once' });
    expect(draft()).toBe('so far');
    const next = ask();
    type('a');
    vi.advanceTimersByTime(500);
    type('n');
    expect(await next).toEqual({ allowed: false, scope: 'once' });
    expect(draft()).toBe('so fara');
  });

  it('Esc leaves what is written, then stops the turn; Ctrl+C stops it at once', () => {
    const { approvals, type, interrupts } = setUp();
    vi.advanceTimersByTime(500);
    type('r');
    type('\u001b');
    expect([approvals.entry, interrupts()]).toEqual([undefined, 0]);
    type('\u001b');
    expect(interrupts()).toBe(1);
    vi.advanceTimersByTime(500);
    type('r');
    type('\u0003');
    expect(interrupts()).toBe(2);
  });

  it('Esc closes a question that the screen itself asks, and stops no turn that runs meanwhile', () => {
    const controller = new AbortController();
    const takeBack = () => controller.abort();
    const decision = { verdict: 'ask', reason: 'Not approved yet.', plan: '1. x' } as const;
    const { approvals, type, interrupts } = setUp({ decision, signal: controller.signal, takeBack });
    type('\u001b');
    expect([approvals.open, interrupts()]).toEqual([false, 0]);
  });
});
