import { emptyLive } from '../live-text.js';
import { type Block, drain } from '../state.js';
import type { CodeColours } from './code/code-colours.js';
import { nextHeartbeatMs } from './heartbeat.js';
import type { PrintedBlock, Screen } from './screen.js';
import { rowsOf, splitBlock } from './split-block.js';

export interface ScreenStore {
  readonly screen: Screen;
  /** `now` for what the user did: drawn at the end of this tick. `soon` for what streams in: drawn with the next flush. */
  update(change: Partial<Screen>, when: 'now' | 'soon'): void;
  /** Draws at once: the first lines of what has finished. */
  paint(): void;
  /** Nothing is drawn until the answer of each call was called; what has changed meanwhile is drawn then. */
  hold(): () => void;
  /** When what was held back was last drawn, by `performance.now()`; nobody has read it before that. */
  readonly heldUntil: number;
  /** Draws what is left, within reason, and ends. */
  stop(): void;
}

export interface ScreenStoreOptions {
  readonly initial: Screen;
  readonly paint: (screen: Screen) => void;
  /** Colours code before it is printed; it stays plain without. */
  readonly colours?: CodeColours;
  /** Streamed text is drawn at most this often; a model may send hundreds of chunks a second. */
  readonly flushIntervalMs?: number;
  /** How often a running turn's clock and spinner move when nothing else happens. */
  readonly tickMs?: number;
}

/** Rows of finished text printed with one frame: a key waits for the frame before it and for its own. */
const mostRows = 60;

/** Rows that a long text is cut into: what is done to one piece is not interrupted. */
const pieceRows = 30;

/** How long a frame may be kept waiting by the colours of its code; the rest comes with the next. */
const mostColouringMs = 30;

/** Frames that leaving may still take; what a log holds anyway must not keep the user. */
const mostLastFrames = 150;

/** Holds the screen and decides when it is drawn. Idle, it has no timer at all. */
export function createScreenStore(options: ScreenStoreOptions): ScreenStore {
  const { paint, colours, flushIntervalMs = 90, tickMs = 250 } = options;
  let screen = options.initial;
  let timer: NodeJS.Timeout | undefined;
  let due = Number.POSITIVE_INFINITY;
  let paintedAt = Number.NEGATIVE_INFINITY;
  let atEndOfTick = false;
  let stopping = false;
  let stopped = false;
  let holders = 0;
  let heldUntil = Number.NEGATIVE_INFINITY;
  /** Finished blocks that wait for a later frame. */
  let backlog: Block[] = [];

  /** `answering`: what the user did is shown first, and what lags behind anyway comes with the frame after it. */
  function paintNow(answering = false): void {
    if (stopped) return;
    clearTimeout(timer);
    due = Number.POSITIVE_INFINITY;
    if (holders > 0) return;
    const isBehind = backlog.length > 0;
    const { state, blocks: finished } = drain(screen.state);
    backlog.push(...finished.flatMap((block) => splitBlock(block, pieceRows)));
    if (screen.state.live.fence !== '') colours?.expect();
    const blocks = answering && isBehind ? [] : coloured(takeRows(backlog, mostRows));
    backlog = backlog.slice(blocks.length);
    const print = blocks.length === 0 ? screen.print : { number: screen.print.number + 1, blocks };
    screen = { ...screen, state, print, now: Date.now() };
    paint(backlog.length === 0 ? screen : withoutLive(screen));
    paintedAt = performance.now();
    const loading = backlog.length > 0 ? colours?.loading : undefined;
    if (loading) void loading.then(() => schedule(0));
    else if (backlog.length > 0) schedule(0);
    else schedule(nextMoveMs());
  }

  /** When the clock moves next; whoever listens hears of it only now and then. */
  function nextMoveMs(): number {
    if (screen.appearance?.spoken) return nextHeartbeatMs(screen) ?? Number.POSITIVE_INFINITY;
    return screen.state.turn.running ? tickMs : Number.POSITIVE_INFINITY;
  }

  /** These blocks, up to the first whose colours are still being loaded. */
  function coloured(blocks: readonly Block[]): readonly PrintedBlock[] {
    if (!colours) return blocks;
    const ready: PrintedBlock[] = [];
    const startedAt = performance.now();
    for (const block of blocks) {
      if (!stopping && performance.now() - startedAt > mostColouringMs) break;
      const done = colours.colour(block) ?? (stopping ? block : undefined);
      if (!done) break;
      ready.push(done);
    }
    return ready;
  }

  function schedule(delayMs: number): void {
    const at = performance.now() + delayMs;
    if (at >= due) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(() => paintNow(), delayMs);
  }

  return {
    get screen() {
      return screen;
    },
    update(change, when) {
      if (stopped) return;
      screen = { ...screen, ...change };
      if (when === 'soon') {
        schedule(Math.max(0, paintedAt + flushIntervalMs - performance.now()));
      } else if (!atEndOfTick) {
        atEndOfTick = true;
        queueMicrotask(() => {
          atEndOfTick = false;
          paintNow(true);
        });
      }
    },
    paint: () => paintNow(),
    hold() {
      holders += 1;
      return () => {
        holders -= 1;
        paintNow();
        heldUntil = performance.now();
      };
    },
    get heldUntil() {
      return heldUntil;
    },
    stop() {
      stopping = true;
      paintNow();
      for (let frame = 1; backlog.length > 0 && frame < mostLastFrames; frame += 1) paintNow();
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** What is still coming is not shown above what has finished before it. */
function withoutLive(screen: Screen): Screen {
  return { ...screen, state: { ...screen.state, live: emptyLive } };
}

/** The first blocks with at most `most` rows together, and at least one. */
function takeRows(blocks: readonly Block[], most: number): readonly Block[] {
  let rows = 0;
  const end = blocks.findIndex((block) => {
    rows += rowsOf(block);
    return rows > most;
  });
  return end < 0 ? blocks.slice() : blocks.slice(0, Math.max(1, end));
}
