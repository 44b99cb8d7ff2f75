import { describe, expect, it } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { commandStarted, endTurn, initialState, reduce, type State, submitted } from '../../src/state.js';
import { frameBudget, layoutFrame } from '../../src/ui/frame.js';
import { outputCounts, outputRows } from '../../src/ui/running-output.js';
import { plainText } from '../../src/ui/spans.js';
import { blankScreen } from './programs/blank-screen.js';

const call = (id: string) => ({ id, name: 'Bash', input: {} });
const called = (id: string, timestamp = 0) => ({
  type: 'tool-call',
  call: call(id),
  title: `job ${id}`,
  timestamp,
});
const putOut = (callId: string, lines: number) => ({
  type: 'tool-output',
  callId,
  tail: Array.from({ length: Math.min(20, lines) }, (_, index) => `line ${lines - 19 + index}`).join('\n'),
  lines,
  bytes: 10 * lines,
});

function told(state: State, ...bodies: readonly object[]): State {
  return bodies
    .map((body) => ({ id: 'e', sessionId: 's', timestamp: 0, ...body }) as VictorEvent)
    .reduce(reduce, state);
}

const begun = submitted(initialState(), 'q', 0);
const toolRows = (state: State, rows = 24) =>
  layoutFrame({ ...blankScreen, state, rows, now: 4_000 })
    .tools.map(plainText)
    .filter((row) => row !== '');

describe('what a running call puts out', () => {
  it('stands below the call by its last five lines, and is gone with the answer', () => {
    const state = told(begun, called('1'), putOut('1', 30), putOut('1', 40));
    expect(toolRows(state)).toEqual([
      '… Bash job 1 · +35 lines, 400 B · 4.0 s',
      '  │ line 36',
      '  │ line 37',
      '  │ line 38',
      '  │ line 39',
      '  │ line 40',
    ]);
    const result = { content: 'all of it', summary: 'exit code 0' };
    const over = told(state, { type: 'tool-result', call: call('1'), result, durationMs: 9, denied: false });
    expect(toolRows(over)).toEqual([]);
    expect(JSON.stringify(over)).not.toContain('line 40');
  });

  it('is nothing that a call which is not shown may bring onto the screen', () => {
    const state = told(begun, called('1'));
    expect(told(state, putOut('other', 5))).toEqual(state);
  });

  it('shares the room of a small window with the calls, which are shown first', () => {
    const state = told(begun, called('1'), putOut('1', 30), called('2'), putOut('2', 30));
    const all = toolRows(state);
    expect(all.filter((row) => row.startsWith('…'))).toHaveLength(2);
    expect(all.filter((row) => row.startsWith('  │'))).toHaveLength(5);
    for (let rows = 3; rows < 24; rows += 1) {
      const frame = layoutFrame({ ...blankScreen, state, rows, now: 4_000 });
      expect(frame.cursor.widths().length).toBeLessThanOrEqual(frameBudget(rows));
      const shown = frame.tools.map(plainText).filter((row) => row !== '');
      if (shown.some((row) => row.startsWith('  │')))
        expect(shown.filter((row) => row.startsWith('…'))).toHaveLength(2);
    }
  });

  it("of a command of the user's own stands above what is said of it, and ends with it", () => {
    const state = told(commandStarted(initialState(), 'npm test', 0), putOut('any', 30));
    const frame = layoutFrame({ ...blankScreen, state, now: 4_000 });
    expect(frame.tools.map(plainText)).toEqual([26, 27, 28, 29, 30].map((line) => `  │ line ${line}`));
    expect(frame.activity.map(plainText).join('')).toContain('Running npm test · +25 lines, 300 B · 4 s');
    expect(endTurn(state).turn.command).toBeUndefined();
    expect(told(endTurn(state), putOut('any', 31)).turn.command).toBeUndefined();
  });

  it('has its empty lines left out, and is counted without them', () => {
    const output = { tail: 'one\n\n \ntwo', lines: 104, bytes: 5 };
    expect(outputRows(output, 80, 5).map((row) => plainText(row))).toEqual(['  │ one', '  │ two']);
    expect(outputCounts(output, 2)[0]).toBe('+100 lines, 5 B');
    expect(outputCounts({ ...output, lines: 4 }, 2)).toEqual(['5 B']);
  });
});

describe('the time of a running call', () => {
  const decision = { verdict: 'ask', reason: 'Mode ask asks.' } as const;
  const asked = { type: 'approval-request', call: call('1'), title: 'job 1', decision, timestamp: 1_000 };

  it('begins with the answer where it was asked about', () => {
    const state = told(begun, called('1', 0), asked);
    expect(toolRows(state)).toEqual(['… Bash job 1 · waits for you']);
    const answered = told(state, { type: 'tool-decision', call: call('1'), decision, timestamp: 3_000 });
    expect(toolRows(answered)).toEqual(['… Bash job 1 · 1.0 s']);
  });

  it('begins with the call where nobody was asked', () => {
    const state = told(begun, called('1', 500), {
      type: 'tool-decision',
      call: call('1'),
      decision: { verdict: 'allow', reason: '' },
      timestamp: 2_000,
    });
    expect(toolRows(state)).toEqual(['… Bash job 1 · 3.5 s']);
  });
});
