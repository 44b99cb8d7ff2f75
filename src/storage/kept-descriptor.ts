import { closeSync, fstatSync, statSync } from 'node:fs';
import { openUnlessGone } from './open-unless-gone.js';

/** By path. */
const kept = new Map<string, number>();

/**
 * A descriptor to read a file of a database by, past SQLite; nobody closes it while the file is there. To close any
 * descriptor of a file gives up
 * all locks that this process has on it, those of SQLite too: the next process to open the database would take the shared
 * memory for left behind and cut it off under those who use it. `undefined` where there is no such file.
 */
export function keptDescriptor(file: string): number | undefined {
  closeGone();
  const now = statSync(file, { throwIfNoEntry: false });
  if (!now) return undefined;
  const known = kept.get(file);
  if (known !== undefined) {
    const { dev, ino } = fstatSync(known);
    if (dev === now.dev && ino === now.ino) return known;
    // Of a file that was moved: it is another one's now, whoever has locks on it. Each stands here once, or it would be closed twice.
    kept.delete(file);
    kept.set(`${file} ${ino}`, known);
  }
  const descriptor = openUnlessGone(file);
  if (descriptor !== undefined) kept.set(file, descriptor);
  return descriptor;
}

/** Of files that were deleted: what nobody can open any more needs no locks, and takes room until it is closed. */
function closeGone(): void {
  for (const [file, descriptor] of kept) {
    if (fstatSync(descriptor).nlink > 0) continue;
    closeSync(descriptor);
    kept.delete(file);
  }
}
