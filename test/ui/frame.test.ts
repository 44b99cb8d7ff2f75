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
      'ask',
    ]);
  });

  it('shows a table that is still coming with its columns, below the gap that it will have', () => {
    const { state } = drain(streaming('Sizes:\n\n| Name | Size |\n|--|--|\n| a lo'));
    const { tail } = layoutFrame(screen({ state }));
    expect(tail.map(plainText)).toEqual(['', 'Name │ Size', '─────┼─────', 'a lo │ ']);
  });

  it('marks what a long command goes on with at the edge', () => {
    const call = { id: '1', name: 'Bash', input: { command: 'x'.repeat(30) } };
    const details = approvalDetails(call);
    const approval = { name: 'Bash', title: '', reason: 'r', details, printed: false, waiting: 0 };
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
      'ask · anthropic/large · context 6% of 200k · ≥ $1.50 · failing: webhook · session abcdefgh',
    );
    expect(status(75)).toBe('ask · anthropic/large · context 6% of 200k · ≥ $1.50 · failing: webhook');
    expect(status(55)).toBe('ask · anthropic/large · context 6% of 200k · ≥ $1.50');
    expect(status(30)).toBe('ask · anthropic/large');
    expect(status(8)).toBe('ask');
  });

  it('puts the cursor into the input, above what is below it', () => {
    const input = { ...initialInput(), text: 'one\ntwo', cursor: 2 };
    expect(layoutFrame(screen({ input })).cursor).toMatchObject({ up: 3, column: 4, visible: true });
    expect(layoutFrame(screen({ input, hint: 'a hint' })).cursor).toMatchObject({ up: 4, column: 4 });
  });

  it('shows a whole short question instead of the input, and no cursor', () => {
    const call = { id: '1', name: 'Bash', input: { command: 'rm -rf build\nnpm test' } };
    const details = approvalDetails(call);
    const approval = {
      name: 'Bash',
      title: '',
      reason: 'Mode ask asks.',
      details,
      printed: false,
      waiting: 1,
    };
    const frame = layoutFrame(screen({ approval }));
    expect(frame.input).toBeUndefined();
    expect(frame.cursor).toMatchObject({ up: 0, visible: false });
    expect(rowsOf(frame)).toEqual([
      '',
      'Allow Bash? (1 more waiting)',
      '  rm -rf build',
      '  npm test',
      'Mode ask asks.',
      'y once · a for this session · n no · Esc stops the turn',
      '',
      'ask · anthropic/large · context 0% of 200k · session abcdefgh',
    ]);
  });

  it('never reaches the height of the terminal nor passes its width, whatever is shown', () => {
    const line = fc
      .array(fc.constantFrom('a', 'word ', '漢', '👩‍🚀', '\n', '`', '**', '\t', '\u001b[2J'), {
        maxLength: 80,
      })
      .map((p) => p.join(''));
    const details = line.map((command) => approvalDetails({ id: '1', name: 'Bash', input: { command } }));
    const approval = fc.record({
      name: line,
      title: line,
      reason: line,
      details,
      printed: fc.boolean(),
      waiting: fc.nat(3),
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
        ({ partial, input, tools, queued, hint, approval: asked, columns, rows }) => {
          const state = { ...streaming(partial), tools };
          const text = input.replaceAll('\u001b', '');
          const frame = layoutFrame(
            screen({
              state,
              input: { ...initialInput(), text, cursor: text.length },
              queued,
              hint: hint.replaceAll('\u001b', ''),
              approval: asked,
              columns,
              rows,
            }),
          );
          const drawn = rowsOf(frame);
          expect(drawn.length).toBeLessThanOrEqual(frameBudget(rows));
          for (const row of drawn) expect(cells(row)).toBeLessThanOrEqual(columns);
          expect(frame.cursor.up).toBeLessThanOrEqual(drawn.length);
          expect(frame.cursor.widths()).toEqual(drawn.map(cells));
          if (!asked) expect(frame.input?.rows.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});
