import { dirname } from 'node:path';
import { isInside } from '../config/workspace-root.js';
import { existing } from './hidden-paths.js';
import type { Limits } from './sandbox.js';

/**
 * What hooks that the user confirmed run cannot be changed by a command. The folders that lead there cannot be renamed
 * either, or a command could put others of the same name in their place.
 */
export function keepHookFiles(
  files: readonly string[],
  writable: readonly string[],
): Pick<Limits, 'readOnly' | 'pinned'> {
  const pinned = new Set<string>();
  const readOnly = existing(files).filter((file) => writable.some((folder) => isInside(file, folder)));
  for (const file of readOnly)
    for (let folder = dirname(file); !writable.includes(folder); folder = dirname(folder)) pinned.add(folder);
  return { readOnly, pinned: [...pinned] };
}
