import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { type Block, initialState, reduce, type State, submitted } from '../../src/state.js';
import { initialInput } from '../../src/ui/input-state.js';
import type { Screen } from '../../src/ui/screen.js';
import { createScreenStore } from '../../src/ui/screen-store.js';
import { splitBlock } from '../../src/ui/split-block.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(state = initialState()) {
  const frames: Screen[] = [];
  const store = createScreenStore({
    initial: {
      state,
      input: initialInput(),
      columns: 80,
      rows: 24,
      now: 0,
      approval: undefined,
      queued: [],
      hint: '',
      print: { number: 0, blocks: [] },
    },
    paint: (screen) => frames.push(screen),
    flushIntervalMs: 90,
    tickMs: 250,
  });
  return { store, frames };
}

function said(state: State, text: string): State {
  return reduce(state, { type: 'text-delta', text, id: '1', sessionId: 's', timestamp: 0 } as VictorEvent);
}

/** The text of every block that was printed, in order, each print counted once. */
function printed(frames: readonly Screen[]): string {
  const prints = new Map(frames.map(({ print }) => [print.number, print.blocks]));
  return [...prints.values()]
    .flat()
    .map((block: Block) => (block.kind === 'answer' ? block.text : ''))
    .join('\n');
}

describe('the screen store', () => {
  it('draws what the user did in the same tick, once for several changes', async () => {
    const { store, frames } = setUp();
    store.update({ hint: 'a' }, 'now');
    store.update({ hint: 'b' }, 'now');
    expect(frames).toHaveLength(0);
    await Promise.resolve();
    expect(frames.map(({ hint }) => hint)).toEqual(['b']);
  });

  it('draws what streams in at most once an interval', () => {
    const { store, frames } = setUp();
    store.paint();
    let state = store.screen.state;
    for (let chunk = 0; chunk < 100; chunk += 1) {
      state = said(store.screen.state, `line ${chunk}\n`);
      store.update({ state }, 'soon');
      vi.advanceTimersByTime(9);
    }
    expect(frames.length).toBeGreaterThanOrEqual(10);
    expect(frames.length).toBeLessThanOrEqual(12);
  });

  it('draws nothing while it is held, and then all that has happened, each line once', () => {
    const { store, frames } = setUp();
    store.paint();
    const draw = store.hold();
    const before = frames.length;
    for (let chunk = 0; chunk < 50; chunk += 1) {
      store.update({ state: said(store.screen.state, `line ${chunk}\n`) }, 'soon');
      vi.advanceTimersByTime(100);
    }
    expect(frames).toHaveLength(before);
    expect(vi.getTimerCount()).toBe(0);
    draw();
    expect(printed(frames).match(/line \d+/g)).toEqual(
      Array.from({ length: 50 }, (_, line) => `line ${line}`),
    );
  });

  it('has no timer when nothing runs, and moves the clock of a turn', () => {
    const { store, frames } = setUp();
    store.paint();
    expect(vi.getTimerCount()).toBe(0);
    store.update({ state: submitted(store.screen.state, 'q', 0) }, 'soon');
    vi.advanceTimersByTime(1_100);
    expect(frames.length).toBeGreaterThanOrEqual(4);
    store.update({ state: initialState() }, 'soon');
    vi.advanceTimersByTime(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('prints a huge text in frames of bounded size, whole and in order', () => {
    const text = Array.from({ length: 1_234 }, (_, line) => `line ${line}`).join('\n');
    const { store, frames } = setUp(said(initialState(), `${text}\n`));
    store.paint();
    vi.advanceTimersByTime(1_000);
    expect(printed(frames)).toBe(text);
    for (const { print } of frames) {
      const lines = print.blocks.map((one) => ('text' in one ? one.text.split('\n').length : 0));
      expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(60);
    }
  });

  it('U09 prints the lines of a text that has hardly any, which take many rows each, in frames of bounded size', () => {
    const text = Array.from({ length: 40 }, (_, line) => `${line} ${'word '.repeat(700)}end`).join('\n');
    const { store, frames } = setUp(said(initialState(), `${text}\n`));
    store.paint();
    vi.advanceTimersByTime(1_000);
    expect(printed(frames)).toBe(text);
    for (const { print } of frames) {
      const characters = print.blocks.map((one) => ('text' in one ? one.text.length : 0));
      expect(characters.reduce((sum, count) => sum + count, 0)).toBeLessThan(5_000);
    }
  });

  it('U09 shows what the user did before any more of a text that lags behind', async () => {
    const text = Array.from({ length: 500 }, (_, line) => `line ${line}`).join('\n');
    const { store, frames } = setUp(said(initialState(), `${text}\n`));
    store.paint();
    store.update({ hint: 'a key was pressed' }, 'now');
    await Promise.resolve();
    const shown = frames.at(-1);
    expect(shown?.hint).toBe('a key was pressed');
    expect(shown?.print.number).toBe(frames[0]?.print.number);
    vi.advanceTimersByTime(1_000);
    expect(printed(frames)).toBe(text);
  });

  it('prints what is left when it stops, and nothing after', () => {
    const text = Array.from({ length: 500 }, (_, line) => `line ${line}`).join('\n');
    const { store, frames } = setUp(said(initialState(), `${text}\n`));
    store.stop();
    expect(printed(frames)).toBe(text);
    store.update({ hint: 'late' }, 'now');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a block cut into pieces', () => {
  it('keeps its lines, its gap on the first only, and knows where a fence is open', () => {
    const text = ['a', '```', 'b', 'c', 'd', '```', 'e'].join('\n');
    const block: Block = { kind: 'answer', text, fence: '', id: 7, gap: true };
    const pieces = splitBlock(block, 2);
    expect(pieces).toMatchObject([
      { text: 'a\n```', fence: '', gap: true },
      { text: 'b\nc', fence: '```', gap: false },
      { text: 'd\n```', fence: '```', gap: false },
      { text: 'e', fence: '', gap: false },
    ]);
  });
});
