import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * Opens a regular file for reading and appending, and makes it, readable for its owner only, when it is missing.
 * Links are refused, so that nobody can lead what is written into another file.
 */
export async function openPrivateFile(path: string): Promise<FileHandle> {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;
  // Not blocking, or opening a pipe that nobody reads would wait for ever.
  const handle = await open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    if ((await handle.stat()).isFile()) return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  throw Object.assign(new Error(), { code: 'EINVAL' });
}

/** Why a file could not be used, with what to do about it. */
export function fileProblem(path: string, error: unknown): Error {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return new Error(`${path}: ${reason}`, { cause: error });
}

const reasons: Readonly<Record<string, string>> = {
  ELOOP: 'is a symbolic link, which is refused; name the file itself',
  EISDIR: 'is a folder; name a file in it',
  EINVAL: 'is not a regular file; name another one',
  ENXIO: 'is not a regular file; name another one',
  ENOENT: 'its folder does not exist; make it',
  ENOTDIR: 'a part of the path is not a folder',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};
