import { close, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const syncData = promisify(fdatasync);
const closeDescriptor = promisify(close);

/** Brings what was committed onto the disk, from a thread of the pool: the main thread, which has a screen, goes on meanwhile. */
export interface LogSync {
  /** Resolves once all that was written before the call is on the disk. Rejects with the error of the system. */
  sync(): Promise<void>;
  /** Waits for what is on its way. */
  close(): Promise<void>;
}

/**
 * For the write-ahead log of a database that is open, and was written to: it is there then, and the same file until the
 * database is closed. SQLite has no locks on it, so that its descriptor can be closed like any other.
 */
export function openLogSync(file: string): LogSync {
  const descriptor = openSync(`${file}-wal`, 'r');
  let running = Promise.resolve();
  /** Has not begun, so that one serves all who come until then. */
  let waiting: Promise<void> | undefined;
  const settled = () => running.catch(() => undefined);

  function begin(): Promise<void> {
    waiting = undefined;
    running = syncData(descriptor);
    return running;
  }

  return {
    sync() {
      waiting ??= settled().then(begin);
      return waiting;
    },
    async close() {
      await waiting?.catch(() => undefined);
      await settled();
      await closeDescriptor(descriptor);
    },
  };
}
