import { statSync } from 'node:fs';
import { pragmaInThread } from './pragma-in-thread.js';
import { waitingFrames } from './write-ahead-log.js';

/** How often is looked, in writes. */
const EVERY = 16;
/** From so many pages on the log is brought home, as SQLite itself would do it. */
const PAGES = 1_000;
/** From this size on readers are waited for, so that the log can begin anew. */
const LARGE_BYTES = 16 * 1024 * 1024;
const WAIT_MS = 1_000;

export interface LogKeeper {
  /** To be called after each write. */
  written(): void;
  /** Resolves when its thread has no connection: only the last one to close takes the log away. */
  idle(): Promise<void>;
}

/**
 * Keeps the write-ahead log small. What was written is brought into the database by another thread, because the sync of
 * many pages would stop the screen; a log that grew because somebody always reads is emptied between two readers.
 */
export function createLogKeeper(file: string): LogKeeper {
  let writes = 0;
  let running: Promise<void> | undefined;

  async function bringHome(): Promise<void> {
    const size = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    const mode = size > LARGE_BYTES ? 'TRUNCATE' : 'PASSIVE';
    await pragmaInThread({ file, pragma: `wal_checkpoint(${mode})`, readonly: false, timeout: WAIT_MS });
    running = undefined;
  }

  return {
    written() {
      writes += 1;
      if (running || writes % EVERY !== 0) return;
      if (waitingFrames(file) >= PAGES) running = bringHome();
    },
    idle: () => running ?? Promise.resolve(),
  };
}
