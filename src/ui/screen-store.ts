import { drain } from '../state.js';
import type { Screen } from './screen.js';

export interface ScreenStore {
  readonly screen: Screen;
  /** `now` for what the user did: drawn at the end of this tick. `soon` for what streams in: drawn with the next flush. */
  update(change: Partial<Screen>, when: 'now' | 'soon'): void;
  /** Draws at once. */
  paint(): void;
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

/** Holds the screen and decides when it is drawn. Idle, it has no timer at all. */
export function createScreenStore(options: ScreenStoreOptions): ScreenStore {
  const { paint, flushIntervalMs = 90, tickMs = 250 } = options;
  let screen = options.initial;
  let timer: NodeJS.Timeout | undefined;
  let due = Number.POSITIVE_INFINITY;
  let paintedAt = Number.NEGATIVE_INFINITY;
  let atEndOfTick = false;
  let stopped = false;

  function paintNow(): void {
    if (stopped) return;
    clearTimeout(timer);
    due = Number.POSITIVE_INFINITY;
    const { state, blocks } = drain(screen.state);
    const print = blocks.length === 0 ? screen.print : { number: screen.print.number + 1, blocks };
    screen = { ...screen, state, print, now: Date.now() };
    paint(screen);
    paintedAt = performance.now();
    if (screen.state.turn.running) schedule(tickMs);
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
      stopped = true;
      clearTimeout(timer);
    },
  };
}
