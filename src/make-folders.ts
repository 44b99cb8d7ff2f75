import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the folder at this absolute path and those above it that are missing, all with `mode`. Throws system errors.
 * Folder by folder, because Node's own recursive mkdir never returns where a file system refuses with ENOENT, as
 * /proc does, and no signal ends it.
 */
export function makeFolders(path: string, mode = 0o777): void {
  if (codeOfMaking(path, mode) !== 'ENOENT') return;
  const above = dirname(path);
  if (above !== path) makeFolders(above, mode);
  if (codeOfMaking(path, mode) === 'ENOENT') mkdirSync(path, { mode });
}

/** `ENOENT` when a folder above is missing; throws what else is in the way. */
function codeOfMaking(path: string, mode: number): 'ENOENT' | undefined {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // It may be there already, also by another process a moment ago; which error says so depends on the file system.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return undefined;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'ENOENT';
    throw error;
  }
  return undefined;
}
