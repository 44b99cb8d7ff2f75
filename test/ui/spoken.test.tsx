import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { append, type BlockBody, drain, initialState, reduce, submitted } from '../../src/state.js';
import { usualAppearance } from '../../src/ui/appearance.js';
import { App } from '../../src/ui/components/app.js';
import { layoutFrame } from '../../src/ui/frame.js';
import { initialInput } from '../../src/ui/input-state.js';
import type { Screen } from '../../src/ui/screen.js';
import { createScreenStore } from '../../src/ui/screen-store.js';

afterEach(cleanup);

const spoken = { ...usualAppearance, spoken: true };
const ascii = { ...usualAppearance, ascii: true };

function screenOf(change: Partial<Screen>): Screen {
  return {
    state: initialState({ provider: 'fake', model: 'one' }),
    input: initialInput(),
    columns: 60,
    rows: 24,
    now: 10_000,
    approval: undefined,
    queued: [],
    hint: '',
    print: { number: 0, blocks: [] },
    ...change,
  };
}

function shown(bodies: readonly BlockBody[], change: Partial<Screen>): string {
  const { blocks } = drain(bodies.reduce(append, initialState()));
  const screen = screenOf(change);
  const { appearance, columns } = screen;
  const print = { number: 1, blocks };
  const element = <App print={print} columns={columns} frame={layoutFrame(screen)} appearance={appearance} />;
  return render(element).lastFrame() ?? '';
}

const change = { path: 'a.ts', before: 'one\ntwo\n', after: 'one\n2\n' };
const bodies: readonly BlockBody[] = [
  { kind: 'user', text: 'do it' },
  {
    kind: 'answer',
    fence: '',
    text: '# Title\n- item\n- [x] task\n> said\n\n---\n| a | b |\n|--|--|\n| 1 | 2 |\n```ts\nlet a;\n```',
  },
  { kind: 'tool', name: 'Edit', title: 'a.ts', status: 'done', summary: 'changed', durationMs: 500, change },
  { kind: 'tool', name: 'Bash', title: 'ls', status: 'failed', summary: 'no', durationMs: 0 },
  { kind: 'tool', name: 'Bash', title: 'rm', status: 'denied', summary: 'no', durationMs: 0 },
  { kind: 'notice', level: 'warning', text: 'careful' },
  { kind: 'notice', level: 'info', text: 'by the way' },
  { kind: 'error', error: { code: 'x', message: 'it broke' } },
  { kind: 'output', title: 'Bash ls', text: 'a\nb' },
];

function running(): Screen['state'] {
  const event = (body: object) => ({ id: '1', sessionId: 's', timestamp: 0, ...body }) as VictorEvent;
  const state = submitted(initialState({ mode: 'ask' }), 'q', 0);
  return [
    event({ type: 'message', message: { role: 'user', content: 'q' } }),
    event({ type: 'text-delta', text: 'half a li' }),
    event({ type: 'tool-call', call: { id: '1', name: 'Bash', input: {} }, title: 'npm test' }),
    event({ type: 'text-delta', text: 'and half a' }),
  ].reduce(reduce, state);
}

/** The one that the end of the store makes. */
const lastPaint = 1;

describe('U12 for those who listen', () => {
  it('every status is a word, and tables, rules and quotes are drawn with no lines', () => {
    const text = shown(bodies, { appearance: spoken });
    for (const said of [
      'you: do it',
      'done: Edit a.ts',
      'removed: two',
      'added: 2',
      'failed: Bash ls',
      'denied: Bash rm',
      'warning: careful',
      'note: by the way',
      'error: it broke',
      'done: task',
      'a: 1',
      'b: 2',
      '> said',
      'code ts',
      'let a;',
    ])
      expect(text).toContain(said);
    expect(text.replaceAll('│ ', '')).not.toMatch(/[✓✗⊘■─┼☑⠋]/u);
  });

  it('what is not yet a whole line is not drawn, and no clock moves', () => {
    const early = layoutFrame(screenOf({ state: running(), appearance: spoken, now: 1_000 }));
    const late = layoutFrame(screenOf({ state: running(), appearance: spoken, now: 99_000 }));
    expect(early.tail).toEqual([]);
    expect(JSON.stringify(early.tools)).toContain('running: Bash npm test');
    expect(JSON.stringify(early.activity)).toContain('Answering, Esc interrupts');
    expect(JSON.stringify(late)).toBe(JSON.stringify(early));
  });

  /** How often a minute in which nothing happens is drawn. */
  function paintsInAMinute(state: Screen['state']): number {
    vi.useFakeTimers({ now: 0 });
    try {
      const paint = vi.fn();
      const store = createScreenStore({ initial: screenOf({ state, appearance: spoken, now: 0 }), paint });
      store.paint();
      const before = paint.mock.calls.length;
      vi.advanceTimersByTime(60_000);
      store.stop();
      return paint.mock.calls.length - before;
    } finally {
      vi.useRealTimers();
    }
  }

  it('a turn that waits for the model is not drawn again while nothing happens', () => {
    expect(paintsInAMinute({ ...running(), tools: [] })).toBe(lastPaint);
  });

  it('a call that runs is drawn again only when something is said of it: soon, then every ten seconds', () => {
    expect(paintsInAMinute(running())).toBe(7 + lastPaint);
  });
});

it('U12 without Unicode nothing but ASCII is drawn, and all of it is there', () => {
  const text = shown(bodies, { appearance: ascii, state: running() });
  expect(text).toMatch(/^[\n -~]*$/);
  for (const said of [
    '+ Edit a.ts - changed - 0.5 s',
    'x Bash ls',
    '! Bash rm',
    '> do it',
    '| said',
    'a | b',
    '~ Bash npm test',
  ])
    expect(text).toContain(said);
});
