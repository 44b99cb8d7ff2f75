import type { InkScreen } from './ink-screen.js';
import type { ScreenStore } from './screen-store.js';
import type { Terminal } from './terminal.js';

export interface HandOver {
  /**
   * Gives the whole terminal to somebody else for a while, as it was before Victor, and draws everything anew afterwards.
   * What happens meanwhile is shown then. `signal`: the REPL ends, and the terminal is needed back. `undefined` when
   * somebody else has it already.
   */
  lend<T>(use: (signal: AbortSignal) => Promise<T>): Promise<T | undefined>;
  /** Resolves when the terminal is ours for good. */
  close(): Promise<void>;
}

export interface HandOverOptions {
  readonly terminal: Pick<Terminal, 'release'>;
  readonly ink: Pick<InkScreen, 'release'>;
  readonly store: Pick<ScreenStore, 'hold'>;
}

/** The one way to lend the terminal: to an editor, or to the shell while the process is stopped. */
export function createHandOver({ terminal, ink, store }: HandOverOptions): HandOver {
  let lent: Promise<unknown> | undefined;
  const controller = new AbortController();

  async function lend<T>(use: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const draw = store.hold();
    const remount = ink.release();
    const take = terminal.release();
    try {
      return await use(controller.signal);
    } finally {
      take();
      // A stopped process is not told that the window has another size.
      process.emit('SIGWINCH', 'SIGWINCH');
      remount();
      draw();
      lent = undefined;
    }
  }

  return {
    async lend(use) {
      if (lent || controller.signal.aborted) return undefined;
      const lending = lend(use);
      lent = lending;
      return lending;
    },
    async close() {
      controller.abort();
      await lent?.catch(() => {});
    },
  };
}
