import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readlink } from 'node:fs/promises';
import { FileError, fileError } from './file-error.js';

export interface OpenedFile {
  readonly handle: FileHandle;
  readonly stats: Stats;
}

/**
 * Opens a regular file for reading by its real path. The type is looked at before the open, because opening a
 * device or a FIFO can hang or do things; afterwards the open file is compared with what was looked at, so that
 * a link put in between is noticed.
 */
export async function openRegularFile(realPath: string, shown: string): Promise<OpenedFile> {
  let handle: FileHandle | undefined;
  try {
    refuseOtherTypes(await lstat(realPath), shown);
    handle = await open(realPath, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await handle.stat();
    refuseOtherTypes(stats, shown);
    await assertOpenedAt(handle, realPath, shown);
    return { handle, stats };
  } catch (error) {
    await handle?.close();
    throw fileError(error, 'open', shown);
  }
}

/** Opens a folder by its real path, and nothing that was put in its place. */
export async function openFolder(realPath: string | Buffer, shown: string): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(realPath, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    await assertOpenedAt(handle, realPath, shown);
    return handle;
  } catch (error) {
    await handle?.close();
    throw error;
  }
}

/**
 * A path through what is open, which nobody can lead elsewhere any more; the plain path where there is no /proc. It
 * holds for programs that are started, too, until the handle is closed.
 */
export async function pinnedPath<Path extends string | Buffer>(
  handle: FileHandle,
  realPath: Path,
): Promise<Path | string> {
  const pinned = `/proc/${process.pid}/fd/${handle.fd}`;
  return lstat(pinned).then(
    () => pinned,
    () => realPath,
  );
}

/** Linux tells where an open file really is; a folder swapped for a link during the open shows here. */
async function assertOpenedAt(handle: FileHandle, realPath: string | Buffer, shown: string): Promise<void> {
  let actual: Buffer;
  try {
    actual = await readlink(`/proc/self/fd/${handle.fd}`, 'buffer');
  } catch {
    return;
  }
  if (!actual.equals(Buffer.from(realPath as string))) {
    throw new FileError('changed', `${shown} was moved or replaced while it was being opened.`, {
      advice: 'Try again.',
    });
  }
}

function refuseOtherTypes(stats: Stats, shown: string): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) {
    throw new FileError('directory', `${shown} is a directory.`, {
      advice: 'Use List to see what is in it.',
      errno: 'EISDIR',
    });
  }
  if (stats.isSymbolicLink()) {
    throw new FileError('changed', `${shown} was replaced by a link while it was being opened.`, {
      advice: 'Try again.',
    });
  }
  throw new FileError('special', `${shown} is ${typeName(stats)}, not a regular file.`, {
    advice: 'Only regular files can be read or written.',
  });
}

function typeName(stats: Stats): string {
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
