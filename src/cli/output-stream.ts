import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';

/** Where text goes: collected while the event loop is busy, written in one piece, and never an error to the caller. */
export interface OutputStream {
  /** Somebody looks at it. */
  readonly isTerminal: boolean;
  /** Terminal columns; 80 when it is none. */
  readonly columns: number;
  /** The reader is gone (`| head -1`) or the disk is full; what is written from now on is dropped. */
  readonly closed: boolean;
  /** Why it closed, unless the reader simply left. */
  readonly failure: Error | undefined;
  write(text: string): void;
  /** Called once, when the stream closes under us. */
  onClose(listener: () => void): void;
  /** Resolves when every byte has been handed to the system. */
  drain(): Promise<void>;
}

interface NodeStream extends Writable {
  readonly columns?: number;
}

/** `open` gives Node's stream for the descriptor; it is called with the first write, because opening one costs time. */
export function outputStream(descriptor: number, open: () => NodeStream): OutputStream {
  let stream: NodeStream | undefined;
  let pending = '';
  let scheduled = false;
  let closed = false;
  let failure: Error | undefined;
  const listeners: (() => void)[] = [];

  const opened = (): NodeStream => {
    stream ??= open().on('error', onError);
    return stream;
  };
  const onError = (error: NodeJS.ErrnoException) => {
    if (closed) return;
    closed = true;
    pending = '';
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') failure = error;
    for (const listener of listeners) listener();
  };
  const flush = () => {
    scheduled = false;
    if (pending === '' || closed) return;
    const text = pending;
    pending = '';
    opened().write(text);
  };

  return {
    isTerminal: isatty(descriptor),
    get columns() {
      return opened().columns ?? 80;
    },
    get closed() {
      return closed;
    },
    get failure() {
      return failure;
    },
    write(text) {
      if (closed || text === '') return;
      pending += text;
      if (scheduled) return;
      // A fast model sends many small deltas at once; one write a round costs one system call instead of hundreds.
      scheduled = true;
      setImmediate(flush);
    },
    onClose(listener) {
      listeners.push(listener);
    },
    async drain() {
      flush();
      if (closed || stream === undefined) return;
      await new Promise<void>((resolve) => {
        stream?.once('error', () => resolve());
        stream?.write('', () => resolve());
      });
    },
  };
}
