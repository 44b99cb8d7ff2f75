import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { drain, initialState, reduce, submitted } from '../../src/state.js';
import { approvalDetails } from '../../src/ui/approval-details.js';
import { cells } from '../../src/ui/break-rows.js';
import { type Frame, frameBudget, layoutFrame } from '../../src/ui/frame.js';
import { initialInput } from '../../src/ui/input-state.js';
import type { Screen } from '../../src/ui/screen.js';
import { plainText } from '../../src/ui/spans.js';

function screen(change: Partial<Screen> = {}): Screen {
  return {
    state: initialState({
      provider: 'anthropic',
      model: 'large',
      sessionId: 'abcdefgh-1',
      contextWindow: 200_000,
    }),
    input: initialInput(),
    columns: 80,
    rows: 24,
    now: 10_000,
    approval: undefined,
    queued: [],
    hint: '',
    print: { number: 0, blocks: [] },
    ...change,
  };
}

const asked = {
  kind: 'call',
  name: 'Bash',
  title: '',
  reason: 'Mode ask asks.',
  details: [],
  printed: false,
  waiting: 0,
  entry: undefined,
} as const;

/** The dynamic area as text, in the order it is drawn. */
function rowsOf(frame: Frame): string[] {
  const above = [...frame.tail, ...frame.tools, ...frame.approval, ...frame.queued, ...frame.activity];
  const input = (frame.input?.rows ?? []).map((row) => `❯ ${row}`);
  return [...above.map(plainText), ...input, ...frame.status.map(plainText)];
}

function streaming(text: string) {
  const delta = { type: 'text-delta', text, id: '1', sessionId: 's', timestamp: 0 } as VictorEvent;
  return reduce(submitted(initialState({ mode: 'ask' }), 'q', 0), delta);
}

describe('the layout of the dynamic area', () => {
  it('is the input and the status line when nothing happens', () => {
    expect(rowsOf(layoutFrame(screen()))).toEqual([
      '',
      '❯ ',
      'ask · anthropic/large · context 0% of 200k · session abcdefgh',
    ]);
  });

  it('shows the partial line, the running tools, the clock and queued messages', () => {
    const state = { ...streaming('half a li'), turn: { ...streaming('x').turn, sending: undefined } };
    const tool = {
      callId: '1',
      name: 'Bash',
      title: 'npm test',
      startedAt: 8_000,
      status: 'running',
    } as const;
    const frame = layoutFrame(screen({ state: { ...state, tools: [tool] }, queued: ['and then?'] }));
    expect(rowsOf(frame)).toEqual([
      '',
      'half a li',
      '',
      '… Bash npm test · 2.0 s',
      'queued: and then?',
      '⠋ Answering · 10 s · Esc interrupts',
      '',
      '❯ ',
      'Up takes the last queued message back.',
      'ask',
    ]);
  });

  it('shows the end of what the model thinks, and no more of it', () => {
    const delta = { type: 'thinking-delta', id: '1', sessionId: 's', timestamp: 0 };
    const lines = Array.from({ length: 40 }, (_, line) => `thought ${line}\n\n`).join('');
    const state = reduce(initialState(), { ...delta, text: `${lines}and so` } as VictorEvent);
    const { tail } = layoutFrame(screen({ state }));
    expect(tail.map(plainText)).toEqual(['', 'thought 38', 'thought 39', 'and so']);
    expect(tail.flat().every(({ style }) => style === 'dim')).toBe(true);
  });

  it('shows which call is being written and how long it is by now, with nothing in its name that a terminal obeys', () => {
    const delta = {
      type: 'tool-call-delta',
      index: 0,
      name: 'Wri\u001b[2Jte',
      id: '1',
      sessionId: 's',
      timestamp: 0,
    };
    const sent = { ...initialState({ mode: 'ask' }), turn: { ...initialState().turn, running: true } };
    const state = ['{"content":"', 'a long file'].reduce(
      (before, text) => reduce(before, { ...delta, text } as VictorEvent),
      sent,
    );
    const row = rowsOf(layoutFrame(screen({ state }))).find((one) => one.includes('Writing'));
    expect(row).toBe('⠋ Writing Wri\ufffdte: 23 characters · 10 s · Esc interrupts');
    const next = { ...delta, index: 1, name: 'List', text: '{}' } as VictorEvent;
    const rows = rowsOf(layoutFrame(screen({ state: reduce(state, next) })));
    expect(rows.join('\n')).toContain('Writing List: 2 characters');
  });

  it('shows a table that is still coming with its columns, below the gap that it will have', () => {
    const { state } = drain(streaming('Sizes:\n\n| Name | Size |\n|--|--|\n| a lo'));
    const { tail } = layoutFrame(screen({ state }));
    expect(tail.map(plainText)).toEqual(['', 'Name │ Size', '─────┼─────', 'a lo │ ']);
  });

  it('marks what a long command goes on with at the edge', () => {
    const call = { id: '1', name: 'Bash', input: { command: 'x'.repeat(30) } };
    const details = approvalDetails(call);
    const approval = { ...asked, details, reason: 'r' };
    const rows = rowsOf(layoutFrame(screen({ approval, columns: 20 })));
    expect(rows).toContain(`↪ ${'x'.repeat(12)}`);
  });

  it('shows only the last rows of a long partial line', () => {
    const frame = layoutFrame(screen({ state: streaming('word '.repeat(600)), columns: 40 }));
    expect(frame.tail).toHaveLength(8);
  });

  it('names what matters least last, and drops it first when there is no room', () => {
    const state = initialState({
      provider: 'anthropic',
      model: 'large',
      sessionId: 'abcdefgh',
      contextTokens: 12_345,
      contextWindow: 200_000,
      costUsd: 1.5,
      unpriced: true,
      failingExtensions: [{ kind: 'exporter' as const, name: 'webhook' }],
    });
    const status = (columns: number) => plainText(layoutFrame(screen({ state, columns })).status[0] ?? []);
    expect(status(100)).toBe(
      'ask · anthropic/large · context 12.3k, 6% of 200k · ≥ $1.50 · failing: webhook · session abcdefgh',
    );
    expect(status(80)).toBe('ask · anthropic/large · context 12.3k, 6% of 200k · ≥ $1.50 · failing: webhook');
    expect(status(60)).toBe('ask · anthropic/large · context 12.3k, 6% of 200k · ≥ $1.50');
    expect(status(30)).toBe('ask · anthropic/large');
    expect(status(15)).toBe('ask · large');
    expect(status(8)).toBe('ask');
  });

  it('says the trust and the branch, a long one by its beginning, and the user’s own line behind the mode', () => {
    const footer = { provider: 'p', model: 'm', trust: 'untrusted', branch: `topic/${'x'.repeat(40)}` };
    const status = (state = initialState(footer), columns = 80) =>
      plainText(layoutFrame(screen({ state, columns })).status[0] ?? []);
    expect(status()).toBe(`ask · p/m · untrusted · topic/${'x'.repeat(17)}…`);
    expect(status(initialState(footer), 20)).toBe('ask · p/m');
    const custom = initialState({ ...footer, mode: 'yolo', custom: 'my \u001b[2Jline of any length' });
    expect(status(custom)).toBe('yolo · my \ufffdline of any length');
    expect(status(custom, 20)).toBe('yolo · my \ufffdline of …');
  });

  it('puts the cursor into the input, above what is below it', () => {
    const input = { ...initialInput(), text: 'one\ntwo', cursor: 2 };
    expect(layoutFrame(screen({ input })).cursor).toMatchObject({ up: 3, column: 4, visible: true });
    expect(layoutFrame(screen({ input, hint: 'a hint' })).cursor).toMatchObject({ up: 4, column: 4 });
  });

  it('shows a whole short question instead of the input, and no cursor', () => {
    const call = { id: '1', name: 'Bash', input: { command: 'rm -rf build\nnpm test' } };
    const details = approvalDetails(call);
    const approval = { ...asked, details, waiting: 1 };
    const frame = layoutFrame(screen({ approval }));
    expect(frame.input).toBeUndefined();
    expect(frame.cursor).toMatchObject({ up: 0, visible: false });
    expect(rowsOf(frame)).toEqual([
      '',
      'Allow Bash? (1 more waiting)',
      '  rm -rf build',
      '  npm test',
      'Mode ask asks.',
      'y once · a session · p project · n no · r say what instead · Esc stops the turn',
      '',
      'ask · anthropic/large · context 0% of 200k · session abcdefgh',
    ]);
  });

  it('shows what the user writes below the question, with the cursor in it', () => {
    const call = { id: '1', name: 'Bash', input: { command: 'rm -rf build' } };
    const entry = { ...initialInput(), text: 'use make\nclean', cursor: 14 };
    const approval = { ...asked, details: approvalDetails(call), entry };
    const input = { ...initialInput(), text: 'a draft' };
    const frame = layoutFrame(screen({ approval, input }));
    expect(rowsOf(frame)).toEqual([
      '',
      'Allow Bash?',
      '  rm -rf build',
      'Mode ask asks.',
      'Say what to do instead · Enter sends it · Esc goes back',
      '',
      '❯ use make',
      '❯ clean',
      'ask · anthropic/large · context 0% of 200k · session abcdefgh',
    ]);
    expect(frame.cursor).toMatchObject({ up: 2, column: 7, visible: true });
  });

  it('says where rows of the call are not shown for want of room, and never gives up the keys', () => {
    const command = Array.from({ length: 9 }, (_, line) => `echo ${line}`).join('\n');
    const details = approvalDetails({ id: '1', name: 'Bash', input: { command } });
    const rows = rowsOf(layoutFrame(screen({ approval: { ...asked, details }, rows: 10 })));
    expect(rows).toEqual([
      'Allow Bash?',
      ...Array.from({ length: 4 }, (_, line) => `  echo ${line}`),
      '  …',
      'Mode ask asks.',
      'y once · a session · p project · n no · r say what instead · Esc stops the turn',
    ]);
    for (const height of [1, 2, 3]) {
      const few = rowsOf(layoutFrame(screen({ approval: { ...asked, details }, rows: height })));
      expect(few[0]).toContain('y once');
    }
  });

  it('asks about a plan in other words than about a call', () => {
    const approval = { ...asked, kind: 'plan', name: 'Plan', printed: true } as const;
    expect(rowsOf(layoutFrame(screen({ approval }))).slice(0, 5)).toEqual([
      '',
      'Carry out this plan?',
      '  (shown in full above)',
      'Mode ask asks.',
      'e yes, accept edits · a yes, ask before edits · r revise · Esc stops the turn',
    ]);
  });

  it('never reaches the height of the terminal nor passes its width, whatever is shown', () => {
    const line = fc
      .array(fc.constantFrom('a', 'word ', '漢', '👩‍🚀', '\n', '`', '**', '\t', '\u001b[2J'), {
        maxLength: 80,
      })
      .map((p) => p.join(''));
    const details = line.map((command) => approvalDetails({ id: '1', name: 'Bash', input: { command } }));
    const entry = line.map((text) => ({ ...initialInput(), text, cursor: text.length }));
    const approval = fc.record({
      kind: fc.constantFrom('call' as const, 'plan' as const, 'leaving' as const),
      name: line,
      title: line,
      reason: line,
      details,
      printed: fc.boolean(),
      waiting: fc.nat(3),
      entry: fc.option(entry, { nil: undefined }),
    });
    const tool = fc.record({
      callId: fc.uuid(),
      name: line,
      title: line,
      startedAt: fc.constant(0),
      status: fc.constantFrom('running' as const, 'asking' as const),
    });
    fc.assert(
      fc.property(
        fc.record({
          partial: line,
          input: line,
          tools: fc.array(tool, { maxLength: 8 }),
          queued: fc.array(line, { maxLength: 6 }),
          hint: line.map((text) => text.replaceAll('\n', ' ')),
          approval: fc.option(approval, { nil: undefined }),
          columns: fc.integer({ min: 4, max: 120 }),
          rows: fc.integer({ min: 1, max: 40 }),
        }),
        ({ partial, input, tools, queued, hint, approval: question, columns, rows }) => {
          const state = { ...streaming(partial), tools };
          const text = input.replaceAll('\u001b', '');
          const frame = layoutFrame(
            screen({
              state,
              input: { ...initialInput(), text, cursor: text.length },
              queued,
              hint: hint.replaceAll('\u001b', ''),
              approval: question,
              columns,
              rows,
            }),
          );
          const drawn = rowsOf(frame);
          expect(drawn.length).toBeLessThanOrEqual(frameBudget(rows));
          for (const row of drawn) expect(cells(row)).toBeLessThanOrEqual(columns);
          expect(frame.cursor.up).toBeLessThanOrEqual(drawn.length);
          expect(frame.cursor.widths()).toEqual(drawn.map(cells));
          if (!question || question.entry) expect(frame.input?.rows.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});
