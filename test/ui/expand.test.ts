import { describe, expect, it } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { keepOutput, noOutputs } from '../../src/kept-outputs.js';
import { commandStarted, initialState, reduce, submitted } from '../../src/state.js';
import { expandOutput, expandRunning, lastToolOutput } from '../../src/ui/expand.js';

const long = Array.from({ length: 700 }, (_, line) => `line ${line + 1}`).join('\n');
const change = { path: 'a.ts', before: 'one', after: 'two' };
const kept = [
  { kind: 'tool', title: 'Bash ls', text: 'a\nb' } as const,
  { kind: 'tool', title: 'Bash make', text: long } as const,
  { kind: 'tool', title: 'Edit a.ts', text: 'Edited.', change } as const,
  { kind: 'thinking', title: 'Thinking', text: 'hm' } as const,
].reduce(keepOutput, noOutputs);

describe('what is folded', () => {
  it('is shown whole by its number', () => {
    expect(expandOutput(kept, 1)).toEqual({ kind: 'output', title: 'Bash ls', text: 'a\nb' });
    expect(expandOutput(kept, 4)).toMatchObject({ title: 'Thinking', text: 'hm' });
    expect(lastToolOutput(kept)).toBe(3);
  });

  it('is shown in parts where it is long, each with how to see the next', () => {
    const seen: string[] = [];
    let from = 1;
    for (let part = 1; part <= 3; part += 1) {
      const block = expandOutput(kept, 2, from);
      if (typeof block === 'string' || block.kind !== 'output') throw new Error('nothing was shown');
      seen.push(block.text);
      const [, left, next] = /^(\d+) more lines: \/expand 2 (\d+)$/.exec(block.more ?? '') ?? [];
      expect(left).toBe(part === 3 ? undefined : String(700 - part * 300));
      from = Number(next);
    }
    expect(seen.join('\n')).toBe(long);
  });

  it('is the change where a file was edited', () => {
    expect(expandOutput(kept, 3)).toEqual({
      kind: 'diff',
      title: 'Edit a.ts',
      files: [{ ...change, notes: [] }],
    });
  });

  it('is shown in parts where a change is long, and each line of it in one of them', () => {
    const after = long.replaceAll('line', 'row');
    const edited = keepOutput(noOutputs, {
      ...{ kind: 'tool', title: 'Edit b.ts', text: 'Edited.' },
      change: { path: 'b.ts', before: long, after },
    });
    const parts = [1, 401, 801, 1_201].map((from) => expandOutput(edited, 1, from));
    const rows = 1 + 2 * 700;
    expect(parts).toMatchObject([
      { kind: 'diff', title: 'Edit b.ts', more: `${rows - 400} more lines: /expand 1 401` },
      { title: 'Edit b.ts, from line 401', from: 401, more: `${rows - 800} more lines: /expand 1 801` },
      { from: 801, more: `${rows - 1_200} more lines: /expand 1 1201` },
      { from: 1_201 },
    ]);
    expect(parts[3]).not.toHaveProperty('more');
    expect(expandOutput(edited, 1, rows + 1)).toBe(`#1 has ${rows} lines.`);
  });

  it('says what there is where there is no such number, and no such line', () => {
    expect(expandOutput(kept, 9)).toBe('Nothing to show has the number 9: there are #1 to #4.');
    expect(expandOutput(noOutputs, 1)).toContain('Nothing is folded yet');
    expect(expandOutput(kept, 1, 7)).toBe('#1 has 2 lines.');
  });
});

describe('what runs', () => {
  const event = (body: object) => ({ id: 'e', sessionId: 's', timestamp: 0, ...body }) as VictorEvent;
  const output = (tail: string, lines: number) =>
    event({ type: 'tool-output', callId: '1', tail, lines, bytes: 9 });

  it('is shown as far as its end is known, with how much came before; nothing where nothing was put out', () => {
    const call = { id: '1', name: 'Bash', input: {} };
    const asked = submitted(initialState(), 'q', 0);
    const running = reduce(asked, event({ type: 'tool-call', call, title: 'npm test' }));
    expect(expandRunning(asked)).toBeUndefined();
    expect(expandRunning(running)).toBeUndefined();
    expect(expandRunning(reduce(running, output('a\nb', 2)))).toEqual({
      kind: 'output',
      title: 'So far: Bash npm test',
      text: 'a\nb',
    });
    expect(expandRunning(reduce(running, output('a\nb', 12)))).toMatchObject({
      more: '10 lines before these: shown when it is over',
    });
  });

  it("is a command of the user's own, too", () => {
    const state = reduce(commandStarted(initialState(), 'make', 0), output('a', 1));
    expect(expandRunning(state)).toMatchObject({ title: 'So far: !make', text: 'a' });
  });
});
