import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { type IgnoreRules, ignoreRulesOf } from './ignore-rules.js';
import { openFolder, pinnedPath } from './open-file.js';

export interface WalkOptions {
  readonly signal: AbortSignal;
  /** Entries looked at before the walk ends. */
  readonly maxEntries: number;
}

const slash = Buffer.from('/');

/**
 * The regular files below a folder that git would not ignore, in order of their names, as paths relative to
 * it. Paths are bytes, because names need not be text. Links are neither followed nor listed; folders that
 * cannot be read are passed over.
 */
export async function* walkFiles(root: string, options: WalkOptions): AsyncGenerator<Buffer> {
  let looked = 0;
  const top = root === '/' ? '' : root;
  yield* walk(Buffer.alloc(0), await ignoreRulesOf(root));

  async function* walk(folder: Buffer, rules: IgnoreRules): AsyncGenerator<Buffer> {
    const directory =
      folder.length === 0 ? Buffer.from(root) : Buffer.concat([Buffer.from(top), slash, folder]);
    for (const entry of await entriesOf(directory)) {
      if (options.signal.aborted || looked >= options.maxEntries) return;
      looked += 1;
      const absolute = Buffer.concat([directory, slash, entry.name]).toString();
      if (entry.name.equals(dotGit) || rules.ignores(absolute, entry.isDirectory)) continue;
      const path = folder.length === 0 ? entry.name : Buffer.concat([folder, slash, entry.name]);
      if (entry.isDirectory) yield* walk(path, await rules.inside(absolute));
      else if (entry.isFile) yield path;
    }
  }

  async function entriesOf(directory: Buffer): Promise<Entry[]> {
    const entries: Entry[] = [];
    try {
      for await (const entry of await openDirectory(directory)) {
        entries.push(entry);
        if (looked + entries.length > options.maxEntries) break;
      }
    } catch {
      return entries;
    }
    return entries.sort((a, b) => Buffer.compare(a.name, b.name));
  }
}

const dotGit = Buffer.from('.git');

export interface Entry {
  readonly name: Buffer;
  readonly isDirectory: boolean;
  readonly isFile: boolean;
  readonly isLink: boolean;
}

/**
 * The entries of a folder, by its real path, as they come, with their names as bytes; a folder with a million costs no
 * memory. What was put in its place since somebody looked is not entered.
 */
export async function* openDirectory(path: Buffer | string): AsyncGenerator<Entry> {
  // Node takes 'buffer' here and then gives names as bytes; its types do not know.
  const options = { encoding: 'buffer' as BufferEncoding, bufferSize: 256 };
  const handle = await openFolder(path, path.toString());
  try {
    const pinned = await pinnedPath(handle, path);
    const directory = (await opendir(pinned, options)) as AsyncIterable<
      Omit<Dirent, 'name'> & { name: unknown }
    >;
    for await (const entry of directory) {
      yield {
        name: entry.name as Buffer,
        isDirectory: entry.isDirectory(),
        isFile: entry.isFile(),
        isLink: entry.isSymbolicLink(),
      };
    }
  } finally {
    await handle.close();
  }
}
