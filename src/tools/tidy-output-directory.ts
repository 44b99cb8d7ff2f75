import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { removeAbandonedWrites } from './pending-writes.js';

const KEEP_OUTPUTS_MS = 7 * 24 * 60 * 60 * 1_000;

/**
 * Removes what earlier sessions left in the folder for long outputs and in the folders of sessions below it: outputs
 * older than a week, and the temporary files of writes that a crash cut off. For a quiet moment; never throws.
 */
export async function tidyOutputDirectory(directory: string): Promise<void> {
  await tidyFolder(directory);
  for (const name of await readdir(directory).catch(() => [])) {
    if (!/^[0-9a-f]{16}$/.test(name)) continue;
    await tidyFolder(join(directory, name));
    await rmdir(join(directory, name)).catch(() => {}); // Stays while anything is in it.
  }
}

async function tidyFolder(directory: string): Promise<void> {
  await removeAbandonedWrites(directory);
  for (const name of await readdir(directory).catch(() => [])) {
    if (!/^output-[0-9a-f-]{36}\.txt$/.test(name)) continue;
    const path = join(directory, name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > KEEP_OUTPUTS_MS) await unlink(path).catch(() => {});
  }
}
