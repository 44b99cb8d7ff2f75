import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface OutputPipe {
  readonly readable: Socket;
  /** For the child, as its stdout and its stderr. */
  readonly writeDescriptor: number;
  /** Must be called once the child has the write end, else the output never ends. */
  closeWriteEnd(): void;
}

/**
 * One pipe for both streams of a child. Node's own stdio pipes are sockets: two of them lose the order between
 * stdout and stderr, and a socket cannot be opened again through /dev/stderr, which scripts do. The FIFO has no
 * name any more when the child starts. `undefined` when `makeFifo` cannot make one.
 */
export async function openOutputPipe(
  makeFifo: (path: string) => Promise<boolean>,
): Promise<OutputPipe | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'victor-pipe-')).catch(() => undefined);
  if (directory === undefined) return undefined;
  try {
    const path = join(directory, 'output');
    if (!(await makeFifo(path))) return undefined;
    // The reader opens first and without waiting for a writer; then the writer, which must block on a full pipe, can.
    const readDescriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writeDescriptor = openSync(path, constants.O_WRONLY);
    const readable = new Socket({ fd: readDescriptor, readable: true, writable: false });
    return { readable, writeDescriptor, closeWriteEnd: () => closeSync(writeDescriptor) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
