import type { FileRestore } from '../core/restore.js';
import { atomicWrite } from '../tools/atomic-write.js';
import { FileError } from '../tools/file-error.js';
import { openRegularFile } from '../tools/open-file.js';
import { removeUnchanged } from '../tools/remove-unchanged.js';
import { contentHash } from '../tools/text-file.js';

/**
 * Puts one file back, through the same checked writes as edits: nothing but what is expected is replaced, and nothing is
 * written through a link. Throws `FileError`, and the file is as it was then.
 */
export async function restoreFile(
  { path, kind, expected, target }: FileRestore,
  content: Uint8Array,
  noteDirectory: string,
): Promise<void> {
  if (kind === 'remove') await removeUnchanged({ path, expectedHash: expected.hash ?? '' });
  else if (kind === 'mode') await changeMode(path, expected.hash, target.mode);
  else {
    // Where it is to stay as it is, it is not even set: somebody may set another one in this moment.
    const mode = target.mode === expected.mode ? undefined : (target.mode ?? undefined);
    await atomicWrite({ path, content, expectedHash: expected.hash, mode, noteDirectory });
  }
}

async function changeMode(path: string, hash: string | null, mode: number | null): Promise<void> {
  const { handle } = await openRegularFile(path, path);
  try {
    if (contentHash(await handle.readFile()) !== hash) {
      throw new FileError('changed', `${path} changed meanwhile.`, { advice: 'Look at it, then try again.' });
    }
    if (mode !== null) await handle.chmod(mode);
  } finally {
    await handle.close();
  }
}
