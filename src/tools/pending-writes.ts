import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, lstat, open, readdir, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolders } from '../make-folders.js';

const notePrefix = 'pending-write-';
/** A temporary file this old, in milliseconds, belongs to a process that died: a write takes far less. */
export const ABANDONED_AFTER_MS = 3_000;

/** A private folder, created with its parents when it is missing. */
export async function privateDirectory(path: string): Promise<void> {
  makeFolders(path, 0o700);
  const stats = await lstat(path);
  if ((stats.mode & 0o077) !== 0) await chmod(path, 0o700);
}

/**
 * Notes that a temporary file is about to exist, so that the next start can remove it if this process dies.
 * Answers how to take the note back. A note that cannot be written never stops the write itself.
 */
export async function notePendingWrite(
  directory: string | undefined,
  temporaryPath: string,
): Promise<() => Promise<void>> {
  if (directory === undefined) return async () => {};
  const note = join(directory, `${notePrefix}${randomBytes(8).toString('hex')}`);
  try {
    await privateDirectory(directory);
    const handle = await open(note, 'wx', 0o600);
    try {
      await handle.writeFile(temporaryPath);
    } finally {
      await handle.close();
    }
  } catch {
    return async () => {};
  }
  return () => unlink(note).catch(() => {});
}

/**
 * Removes the temporary files of writes that a crash cut off, as noted in `directory`. Writes that may still be
 * going on in another process are left alone. Answers how many files were removed; never throws.
 */
export async function removeAbandonedWrites(directory: string): Promise<number> {
  const names = await readdir(directory).catch(() => []);
  let removed = 0;
  for (const name of names) {
    if (!name.startsWith(notePrefix)) continue;
    const note = join(directory, name);
    try {
      if (!isAbandoned((await lstat(note)).mtimeMs)) continue;
      if (await removeTemporary(await readNote(note))) removed += 1;
      await unlink(note);
    } catch {
      // Another process is cleaning the same note, or the folder is not ours any more: nothing to do.
    }
  }
  return removed;
}

export function isAbandoned(modifiedMs: number): boolean {
  return Math.abs(Date.now() - modifiedMs) > ABANDONED_AFTER_MS;
}

/** The name of the temporary file beside a file of this name; never too long, and the same for everybody. */
export function temporaryName(fileName: string): string {
  return `.victor-${createHash('sha256').update(fileName).digest('hex').slice(0, 16)}.tmp`;
}

const temporaryNamePattern = /^\.victor-[0-9a-f]{16}\.tmp$/;

async function removeTemporary(path: string): Promise<boolean> {
  if (!temporaryNamePattern.test(basename(path))) return false;
  try {
    const stats = await lstat(path);
    if (!stats.isFile() || !isAbandoned(stats.mtimeMs)) return false;
    await unlink(path);
    return true;
  } catch {
    return false;
  }
}

async function readNote(note: string): Promise<string> {
  const handle = await open(note, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
