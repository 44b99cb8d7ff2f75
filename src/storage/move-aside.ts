import { closeSync, existsSync, openSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { nameBeside } from './name-beside.js';
import { codeOf } from './storage-failure.js';

/** A lock file that was not touched for so long was left by a process that died. */
const STALE_LOCK_MS = 10_000;
const PAUSE_MS = 20;

/** Renames the database with its -wal and -shm to `<file>.corrupt-<time>` and answers that name. Nothing is deleted. */
export function moveAside(file: string): string {
  const aside = nameBeside(file, 'corrupt');
  // The database first: a log without its database is recognised at the next start, the opposite would lose the log.
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  return aside;
}

/** Runs the action while no other process does so for the same file; only one may decide that a file moves. */
export async function whileLocked<T>(file: string, action: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  while (!acquire(lock)) await sleep(PAUSE_MS);
  // What takes long is not what was left behind.
  const alive = setInterval(() => utimesSync(lock, new Date(), new Date()), STALE_LOCK_MS / 4);
  try {
    return await action();
  } finally {
    clearInterval(alive);
    rmSync(lock, { force: true });
  }
}

function acquire(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const stats = statSync(lock, { throwIfNoEntry: false });
    if (stats && Date.now() - stats.mtimeMs > STALE_LOCK_MS) rmSync(lock, { force: true });
    return false;
  }
}
