import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';

/** Whether a path is a folder or lies in it; both are real paths. */
export function lies(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Links followed until a chain counts as a loop, as Linux does. */
const MAX_LINKS = 40;

/**
 * The real path of what exists; for what does not, that of the nearest existing parent or of a dangling link's target.
 * Synchronous on purpose: the calls take microseconds, and a promise of each would cost more than the answer.
 */
export function realPathOf(path: string, links = 0): string {
  try {
    return realpathSync.native(path);
  } catch {
    const target = linkTarget(path);
    if (target !== undefined && links < MAX_LINKS)
      return realPathOf(resolve(dirname(path), target), links + 1);
    const parent = dirname(path);
    return parent === path ? path : join(realPathOf(parent, links), basename(path));
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
