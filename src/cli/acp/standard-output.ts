import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/**
 * Takes standard output for one writer alone: whatever else writes to it from now on, an extension that prints for example,
 * writes to standard error. A pipe is written to without ever stopping the process, as Node's own stream of it would while
 * nobody reads.
 */
export function takeStandardOutput(): Writable {
  const own = isPipe() ? new Socket({ fd: 1, readable: false, writable: true }) : process.stdout;
  // An editor may read no log.
  process.stderr.on('error', () => {});
  Object.defineProperty(process, 'stdout', { configurable: true, get: () => process.stderr });
  return own;
}

function isPipe(): boolean {
  try {
    const stats = fstatSync(1);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}
