import { constants, type Stats } from 'node:fs';
import { access, type FileHandle, link, lstat, mkdir, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf, FileError, fileError } from './file-error.js';
import { openFolder, pinnedPath } from './open-file.js';
import { ABANDONED_AFTER_MS, isAbandoned, notePendingWrite, temporaryName } from './pending-writes.js';
import { contentHash, MAX_WHOLE_FILE_BYTES } from './text-file.js';

export interface AtomicWrite {
  /** Absolute, with every link resolved. */
  readonly path: string;
  readonly content: Uint8Array;
  /**
   * SHA-256 (hex) of what must be there at the moment of the change; `null` when nothing may be there.
   * Without it whatever is there is replaced.
   */
  readonly expectedHash?: string | null | undefined;
  /** Permission bits afterwards; by default those of the file before, or what the umask leaves of 0666. */
  readonly mode?: number | undefined;
  /** The path as the user knows it, for messages. */
  readonly shown?: string | undefined;
  /** Private folder in which the temporary file is noted until it is gone; see `removeAbandonedWrites`. */
  readonly noteDirectory?: string | undefined;
}

/** One file and the temporary one beside it, by paths that nobody can lead elsewhere. */
export interface Places {
  readonly target: string;
  readonly temporary: string;
  readonly shown: string;
}

/**
 * Replaces or creates one file so that it holds either its old or its new content at every moment. Answers the
 * hash of what was written. The temporary file lies beside the target and carries a name that follows from the
 * target's, so that it is at the same time the lock between everybody who writes this file in this way: the
 * hash is compared while it is held, and of two writers one wins and the other is told.
 *
 * Mode and owner are kept; extended attributes and hard links are not (a linked file keeps its old content
 * under its other names). Throws `FileError`.
 */
export async function atomicWrite(write: AtomicWrite): Promise<string> {
  const shown = write.shown ?? write.path;
  const directory = dirname(write.path);
  let folder: FileHandle | undefined;
  try {
    folder = await (write.expectedHash ? openFolder : makeFolder)(directory, shown);
    const hash = await writeInto(folder, write, shown);
    await folder.sync().catch(ignoreUnsupportedSync);
    return hash;
  } catch (error) {
    throw fileError(error, 'write', shown);
  } finally {
    await folder?.close();
  }
}

/** The folder, made with those above it where they are missing: each through the one above, which is open meanwhile. */
async function makeFolder(directory: string, shown: string): Promise<FileHandle> {
  try {
    return await openFolder(directory, shown);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || dirname(directory) === directory) throw error;
  }
  const above = await makeFolder(dirname(directory), shown);
  try {
    const path = join(await pinnedPath(above, dirname(directory)), basename(directory));
    await mkdir(path).catch((error: unknown) => {
      if (errnoOf(error) !== 'EEXIST') throw error;
    });
    return await openFolder(directory, shown);
  } finally {
    await above.close();
  }
}

async function writeInto(folder: FileHandle, write: AtomicWrite, shown: string): Promise<string> {
  const directory = dirname(write.path);
  const name = basename(write.path);
  const temporary = temporaryName(name);
  const pinned = await pinnedPath(folder, directory);
  const places = { target: join(pinned, name), temporary: join(pinned, temporary), shown };
  const forgetNote = await notePendingWrite(write.noteDirectory, join(directory, temporary));
  try {
    return await replace(write, places);
  } finally {
    await forgetNote();
  }
}

async function replace(write: AtomicWrite, paths: Places): Promise<string> {
  const before = await currentTarget(write, paths);
  const handle = await claimTemporary(paths, before !== undefined);
  let mine = true;
  try {
    await handle.writeFile(write.content);
    if (before) await keepOwner(handle, before, paths.shown);
    const mode = write.mode ?? before?.mode;
    if (mode !== undefined) await handle.chmod(mode & 0o7777);
    await handle.sync();
    await assertUnchanged(write.expectedHash, paths);
    mine = await isSameFile(handle, paths.temporary);
    if (!mine) throw busy(paths);
    if (before) await rename(paths.temporary, paths.target);
    else await createOnly(paths);
    return contentHash(write.content);
  } catch (error) {
    if (mine) await unlink(paths.temporary).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
}

/** The target's own data, or `undefined` when it does not exist. A file marked read-only stays untouched, even for root. */
async function currentTarget({ expectedHash }: AtomicWrite, places: Places): Promise<Stats | undefined> {
  let stats: Stats;
  try {
    stats = await lstat(places.target);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    if (expectedHash) throw changed(places);
    return undefined;
  }
  if (expectedHash === null) throw appeared(places);
  if (!stats.isFile()) throw new FileError('special', `${places.shown} is not a regular file.`);
  if ((stats.mode & 0o222) === 0) {
    throw new FileError('system', `Cannot write ${places.shown}: the file is read-only (EACCES).`, {
      advice: 'Ask the user whether it may be made writable.',
      errno: 'EACCES',
    });
  }
  await access(places.target, constants.W_OK);
  return stats;
}

/** Creates the temporary file, waiting for another writer and removing what a dead one left. */
export async function claimTemporary(places: Places, replaces: boolean): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  // A new file gets its final mode from the umask at once; a replacement stays private until it has the old mode.
  const mode = replaces ? 0o600 : 0o666;
  const giveUpAt = Date.now() + ABANDONED_AFTER_MS + 2_000;
  for (;;) {
    try {
      return await open(places.temporary, flags, mode);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
    if (Date.now() > giveUpAt) throw busy(places);
    const blocking = await lstat(places.temporary).catch(() => undefined);
    if (blocking && isAbandoned(blocking.mtimeMs)) await removeAbandoned(places);
    else await sleep(5 + Math.random() * 10);
  }
}

async function removeAbandoned(places: Places): Promise<void> {
  await unlink(places.temporary).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOENT') throw busy(places);
  });
}

async function keepOwner(handle: FileHandle, before: Stats, shown: string): Promise<void> {
  const now = await handle.stat();
  if (now.uid === before.uid && now.gid === before.gid) return;
  try {
    await handle.chown(before.uid, before.gid);
  } catch (error) {
    throw new FileError('system', `Cannot write ${shown} without changing its owner (${errnoOf(error)}).`, {
      advice: 'Ask the user to change the owner, or to make the change themselves.',
      errno: errnoOf(error),
      cause: error,
    });
  }
}

/** Throws unless the target is a regular file with this content. */
export async function assertUnchanged(
  expectedHash: AtomicWrite['expectedHash'],
  places: Places,
): Promise<void> {
  if (!expectedHash) return;
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(places.target, flags).catch((error: unknown) => {
    throw errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ELOOP' ? changed(places) : error;
  });
  try {
    const stats = await handle.stat();
    const comparable = stats.isFile() && stats.size <= MAX_WHOLE_FILE_BYTES;
    if (!comparable || contentHash(await handle.readFile()) !== expectedHash) throw changed(places);
  } finally {
    await handle.close();
  }
}

/** A link fails where a rename would overwrite, so a file that appeared meanwhile is safe. */
export async function createOnly(places: Places): Promise<void> {
  try {
    await link(places.temporary, places.target);
    await unlink(places.temporary);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST') throw appeared(places);
    if (errno !== 'EPERM' && errno !== 'ENOTSUP' && errno !== 'EOPNOTSUPP' && errno !== 'ENOSYS') throw error;
    // A file system without hard links.
    if (await exists(places.target)) throw appeared(places);
    await rename(places.temporary, places.target);
  }
}

async function isSameFile(handle: FileHandle, path: string): Promise<boolean> {
  const [held, there] = await Promise.all([handle.stat(), lstat(path).catch(() => undefined)]);
  return there !== undefined && held.ino === there.ino && held.dev === there.dev;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

const readAgain = { advice: 'Read it again, then decide.' };

function changed({ shown }: Places): FileError {
  return new FileError('changed', `${shown} changed since it was read. Nothing was written.`, readAgain);
}

function appeared({ shown }: Places): FileError {
  return new FileError(
    'changed',
    `${shown} appeared while it was being created. Nothing was written.`,
    readAgain,
  );
}

function busy({ shown, temporary }: Places): FileError {
  return new FileError('busy', `Another program is writing ${shown}: ${basename(temporary)} is in the way.`, {
    advice: 'Try again; if it stays, ask the user to remove that file.',
  });
}

/** Some file systems cannot flush a folder; the file itself is flushed by then. */
function ignoreUnsupportedSync(error: unknown): void {
  const errno = errnoOf(error);
  if (errno !== 'EINVAL' && errno !== 'ENOTSUP' && errno !== 'EPERM') throw error;
}
