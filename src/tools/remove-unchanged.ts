import { rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { newId } from '../core/id.js';
import { assertUnchanged, claimTemporary, createOnly, type Places } from './atomic-write.js';
import { FileError, fileError } from './file-error.js';
import { openFolder, pinnedPath } from './open-file.js';
import { temporaryName } from './pending-writes.js';

export interface UnchangedFile {
  /** Absolute, with every link resolved. */
  readonly path: string;
  /** SHA-256 (hex) of what must be there at the moment of the removal. */
  readonly expectedHash: string;
}

/**
 * Removes one file if it still has this content. It is moved aside first and looked at there, so that a file that is put
 * in its place at the last moment is not what goes. Throws `FileError`, and the file is where it was then.
 */
export async function removeUnchanged({ path, expectedHash }: UnchangedFile): Promise<void> {
  const name = basename(path);
  try {
    const folder = await openFolder(dirname(path), path);
    try {
      const pinned = await pinnedPath(folder, dirname(path));
      const temporary = join(pinned, temporaryName(name));
      await remove({ target: join(pinned, name), temporary, shown: path }, expectedHash);
      await folder.sync().catch(() => {}); // Some file systems cannot flush a folder; the file is gone all the same.
    } finally {
      await folder.close();
    }
  } catch (error) {
    throw fileError(error, 'remove', path);
  }
}

async function remove(places: Places, expectedHash: string): Promise<void> {
  await assertUnchanged(expectedHash, places);
  // Nobody else who writes this file as Victor does gets in between.
  await (await claimTemporary(places, true)).close();
  try {
    await rename(places.target, places.temporary);
  } catch (error) {
    await unlink(places.temporary).catch(() => {});
    throw error;
  }
  try {
    await assertUnchanged(expectedHash, { ...places, target: places.temporary });
  } catch (error) {
    await putBack(places);
    throw error;
  }
  await unlink(places.temporary);
}

/** Where yet another file has come meanwhile, the one that was moved stays beside it under a name of its own. */
async function putBack(places: Places): Promise<void> {
  try {
    await createOnly(places);
  } catch (cause) {
    const kept = `${places.target}.kept-${newId().slice(0, 8)}`;
    await rename(places.temporary, kept);
    const message = `${places.shown} was replaced twice while it was looked at.`;
    throw new FileError('changed', message, {
      advice: `One of the two is ${basename(kept)} beside it.`,
      cause,
    });
  }
}
