import type { ScreenStore } from './screen-store.js';

export interface Resizing {
  /** What was held back is drawn, and no change of size is heard of any more. */
  close(): void;
}

export interface ResizingOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly store: Pick<ScreenStore, 'hold' | 'screen' | 'update'>;
  /** Of the window that is drawn into. */
  readonly columns: () => number;
}

/** A window that was still for so long has its size, in milliseconds. */
const stillMs = 100;
/** A window that never is still is drawn into all the same; what that leaves behind, a frame of another size, nobody can take back. */
const longestMs = 30_000;

/**
 * Tells the screen of another size of its window. While that changes nothing is drawn: a frame that was laid out for a size
 * which is gone when it arrives would be broken by the terminal, and could not be taken back.
 */
export function createResizing({ stdout, store, columns }: ResizingOptions): Resizing {
  let timer: NodeJS.Timeout | undefined;
  let draw: (() => void) | undefined;
  let since = 0;

  function settle(): void {
    clearTimeout(timer);
    const held = draw;
    if (!held) return;
    draw = undefined;
    const { resizes = 0 } = store.screen;
    // Counted, because a window that has its size back may have cut the frame meanwhile.
    store.update({ columns: columns(), rows: stdout.rows || 24, resizes: resizes + 1 }, 'soon');
    held();
  }

  function changed(): void {
    const now = performance.now();
    if (!draw) {
      draw = store.hold();
      since = now;
    }
    clearTimeout(timer);
    timer = setTimeout(settle, Math.min(stillMs, Math.max(0, since + longestMs - now)));
  }

  stdout.on('resize', changed);
  return {
    close() {
      stdout.off('resize', changed);
      settle();
    },
  };
}
