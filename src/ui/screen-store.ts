import { type Block, drain } from '../state.js';
import type { Screen } from './screen.js';
import { linesOf, splitBlock } from './split-block.js';

export interface ScreenStore {
  readonly screen: Screen;
  /** `now` for what the user did: drawn at the end of this tick. `soon` for what streams in: drawn with the next flush. */
  update(change: Partial<Screen>, when: 'now' | 'soon'): void;
  /** Draws at once: the first lines of what has finished. */
  paint(): void;
  /** Draws what is left, within reason, and ends. */
  stop(): void;
}

export interface ScreenStoreOptions {
  readonly initial: Screen;
  readonly paint: (screen: Screen) => void;
  /** Streamed text is drawn at most this often; a model may send hundreds of chunks a second. */
  readonly flushIntervalMs?: number;
  /** How often a running turn's clock and spinner move when nothing else happens. */
  readonly tickMs?: number;
}

/** Lines of finished text printed with one frame; more would keep the keys waiting. */
const mostLines = 200;

/** Frames that leaving may still take; what a log holds anyway must not keep the user. */
const mostLastFrames = 50;

/** Holds the screen and decides when it is drawn. Idle, it has no timer at all. */
export function createScreenStore(options: ScreenStoreOptions): ScreenStore {
  const { paint, flushIntervalMs = 90, tickMs = 250 } = options;
  let screen = options.initial;
  let timer: NodeJS.Timeout | undefined;
  let due = Number.POSITIVE_INFINITY;
  let paintedAt = Number.NEGATIVE_INFINITY;
  let atEndOfTick = false;
  let stopped = false;
  /** Finished blocks that wait for a later frame. */
  let backlog: Block[] = [];

  function paintNow(): void {
    if (stopped) return;
    clearTimeout(timer);
    due = Number.POSITIVE_INFINITY;
    const { state, blocks: finished } = drain(screen.state);
    backlog.push(...finished.flatMap((block) => splitBlock(block, mostLines)));
    const blocks = takeLines(backlog, mostLines);
    backlog = backlog.slice(blocks.length);
    const print = blocks.length === 0 ? screen.print : { number: screen.print.number + 1, blocks };
    screen = { ...screen, state, print, now: Date.now() };
    paint(screen);
    paintedAt = performance.now();
    if (backlog.length > 0) schedule(0);
    else if (screen.state.turn.running) schedule(tickMs);
  }

  function schedule(delayMs: number): void {
    const at = performance.now() + delayMs;
    if (at >= due) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(paintNow, delayMs);
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
          paintNow();
        });
      }
    },
    paint: paintNow,
    stop() {
      paintNow();
      for (let frame = 1; backlog.length > 0 && frame < mostLastFrames; frame += 1) paintNow();
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** The first blocks with at most `most` lines together, and at least one. */
function takeLines(blocks: readonly Block[], most: number): readonly Block[] {
  let lines = 0;
  const end = blocks.findIndex((block) => {
    lines += linesOf(block);
    return lines > most;
  });
  return end < 0 ? blocks.slice() : blocks.slice(0, Math.max(1, end));
}
