import { describe, expect, it } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { commandStarted, initialState, reduce, type State, submitted } from '../../src/state.js';
import { heartbeat, nextHeartbeatMs } from '../../src/ui/heartbeat.js';
import { blankScreen } from './programs/blank-screen.js';

const call = { id: '1', name: 'Bash', input: {} };
const decision = { verdict: 'ask', reason: 'Mode ask asks.' } as const;

function told(state: State, ...bodies: readonly object[]): State {
  return bodies
    .map((body) => ({ id: 'e', sessionId: 's', timestamp: 0, ...body }) as VictorEvent)
    .reduce(reduce, state);
}

const begun = submitted(initialState(), 'q', 0);
const running = told(begun, { type: 'tool-call', call, title: 'npm test' });
const at = (now: number, state = running) => ({ ...blankScreen, state, now });

describe('U12 a screen that only prints says of what runs', () => {
  it('nothing of a call that is over at once', () => {
    expect(heartbeat(at(499))).toBeUndefined();
    expect(nextHeartbeatMs(at(100))).toBe(400);
  });

  it('after half a second that it does, and every ten seconds how far it is', () => {
    const output = {
      type: 'tool-output',
      callId: '1',
      tail: 'one\n\u001b[2Jtwo\n',
      lines: 120,
      bytes: 4_000,
    };
    const state = told(running, output);
    expect(heartbeat(at(500, state))?.text).toBe('running: Bash npm test');
    expect(heartbeat(at(9_999, state))).toEqual(heartbeat(at(500, state)));
    expect(nextHeartbeatMs(at(500, state))).toBe(9_500);
    expect(heartbeat(at(20_500, state))?.text).toBe(
      'still running: Bash npm test, 20 s, 120 lines, last: \ufffdtwo',
    );
    expect(heartbeat(at(29_000, state))?.key).toBe(heartbeat(at(20_500, state))?.key);
    expect(heartbeat(at(30_000, state))?.key).not.toBe(heartbeat(at(20_500, state))?.key);
  });

  it.each([100, 60, 40])(
    'in %i columns of a long command only so much that how far it is fits',
    (columns) => {
      const long = told(
        begun,
        { type: 'tool-call', call, title: 'for i in $(seq 40); do sleep 1; done; '.repeat(9) },
        { type: 'tool-output', callId: '1', tail: 'x'.repeat(200), lines: 120, bytes: 4_000 },
      );
      const { text = '' } = heartbeat({ ...at(20_500, long), columns }) ?? {};
      expect(text.slice(0, columns)).toMatch(/^still running: Bash .*…, 20 s/);
      if (columns > 40) expect(text.slice(0, columns)).toContain(', 20 s, 120 lines, last:');
    },
  );

  it('nothing while a call waits for the user, and counts from their answer on', () => {
    const asked = told(running, { type: 'approval-request', call, title: 'npm test', decision });
    expect(heartbeat(at(60_000, asked))).toBeUndefined();
    expect(nextHeartbeatMs(at(60_000, asked))).toBeUndefined();
    const answered = told(asked, { type: 'tool-decision', call, decision, timestamp: 60_000 });
    expect(heartbeat(at(60_400, answered))).toBeUndefined();
    expect(heartbeat(at(60_500, answered))?.text).toBe('running: Bash npm test');
  });

  it("of a command of the user's own, whose beginning was said, only that it still runs", () => {
    const state = commandStarted(initialState(), 'npm test', 0);
    expect(heartbeat(at(9_000, state))).toBeUndefined();
    expect(nextHeartbeatMs(at(0, state))).toBe(10_000);
    expect(heartbeat(at(10_000, state))?.text).toBe('still running: npm test, 10 s');
  });
});
