import { closeSync, futimesSync, lstatSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What git reads in its own folder and would obey, each with the text that says as much as its absence: no settings, and
 * "everything shared is right here". A folder would not do, since git does read these.
 */
const texts: Readonly<Record<string, string>> = { config: '', 'config.worktree': '', commondir: '.\n' };

export const heldFileNames = Object.keys(texts);

/** Makes the missing ones, so that they can be protected like those that were there. */
export function makeHeldFiles(git: string): void {
  for (const [name, text] of Object.entries(texts)) make(join(git, name), text);
}

export function isHeldFile(git: string, name: string): boolean {
  const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
  const stats = text === undefined ? undefined : lstatSync(join(git, name), { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size === text!.length && stats.mtimeMs === 0;
}

/** Removes those that are still what was made. */
export function removeHeldFiles(git: string): void {
  for (const name of heldFileNames) {
    if (!isHeldFile(git, name)) continue;
    try {
      unlinkSync(join(git, name));
    } catch {
      // Somebody else did.
    }
  }
}

function make(path: string, text: string): void {
  try {
    const descriptor = openSync(path, 'wx', 0o444);
    writeSync(descriptor, text);
    // A time that no file of today has: how it is known again.
    futimesSync(descriptor, 0, 0);
    closeSync(descriptor);
  } catch {
    // It is there, or nobody may make it here, the command included.
  }
}
