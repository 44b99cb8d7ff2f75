import { mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { HELD_NAME_MODE } from '../core/held-name.js';

/** More are not kept: what several commands at once need. */
const MOST_SPARE = 64;
let parked = 0;

/**
 * Empty folders that wait where only Victor looks. To rename one costs a hundredth of making and removing one on some file
 * systems, and commands need a dozen each. On another file system, or without a `directory`, they are made and removed.
 */
export class SpareFolders {
  readonly #directory: string | undefined;
  #names: string[] | undefined;

  constructor(directory?: string) {
    this.#directory = directory;
  }

  /** Puts one at `path`, where nothing may be; `false` when that cannot be done. */
  take(path: string): boolean {
    const directory = this.#directory;
    this.#names ??= directory === undefined ? [] : namesIn(directory);
    for (let name = this.#names.pop(); name !== undefined; name = this.#names.pop()) {
      try {
        renameSync(join(directory!, name), path);
        return true;
      } catch (error) {
        // Somebody else took it, or the path has no folder to be in.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#names = [];
      }
    }
    return attempt(() => mkdirSync(path, { mode: HELD_NAME_MODE }));
  }

  /** Takes an empty one away from `path`; `false` when it is not empty. */
  putBack(path: string): boolean {
    if (namesIn(path).length > 0) return false;
    return this.#keep(path) || attempt(() => rmdirSync(path));
  }

  #keep(path: string): boolean {
    const directory = this.#directory;
    if (directory === undefined) return false;
    this.#names ??= namesIn(directory);
    if (this.#names.length >= MOST_SPARE) return false;
    const name = `${process.pid}-${parked++}`;
    const isKept = attempt(() => renameSync(path, join(directory, name)));
    if (isKept) this.#names.push(name);
    return isKept;
  }
}

/** Makes the place for them, in a folder of Victor's that is there already; without one there is none. */
export function spareFoldersIn(dataDirectory: string | undefined): SpareFolders {
  if (dataDirectory === undefined) return new SpareFolders();
  const directory = join(dataDirectory, 'spare-folders');
  attempt(() => mkdirSync(directory, { mode: 0o700 }));
  return new SpareFolders(directory);
}

export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function attempt(change: () => void): boolean {
  try {
    change();
    return true;
  } catch {
    return false;
  }
}
