import { lstat, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A folder, told from another one that has its name later. */
interface MadeFolder {
  readonly path: string;
  readonly device: bigint;
  readonly inode: bigint;
  readonly bornNs: bigint;
}

/**
 * The folders that each change made for its file, for as long as this process runs: a change that is taken back takes
 * those along that are empty, and no others. What is not known here stays.
 */
export class MadeFolders {
  readonly #missing = new Map<string, readonly string[]>();
  readonly #made = new Map<string, readonly MadeFolder[]>();

  /** Before a change of the file at this absolute path: which of its folders there are not. */
  async before(id: string, path: string): Promise<void> {
    const missing: string[] = [];
    for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
      if (await lstat(folder).catch(() => undefined)) break;
      missing.push(folder);
    }
    if (missing.length > 0) this.#missing.set(id, missing);
  }

  /** The change was made: those that are there now were made for it. */
  async after(id: string): Promise<void> {
    const missing = this.#missing.get(id) ?? [];
    this.forget(id);
    const made = (await Promise.all(missing.map(folderAt))).filter((folder) => folder !== undefined);
    if (made.length > 0) this.#made.set(id, made);
  }

  /** The change was not made. */
  forget(id: string): void {
    this.#missing.delete(id);
  }

  /** These changes were taken back. Whatever has something in it, or is another folder by now, stays. */
  async removeEmpty(ids: readonly string[]): Promise<void> {
    const folders = ids.flatMap((id) => this.#made.get(id) ?? []);
    for (const folder of folders.sort((a, b) => b.path.length - a.path.length)) {
      const now = await folderAt(folder.path);
      // The system itself refuses to remove one that is not empty.
      if (now && isSame(now, folder)) await rmdir(folder.path).catch(() => {});
    }
  }
}

async function folderAt(path: string): Promise<MadeFolder | undefined> {
  const stats = await lstat(path, { bigint: true }).catch(() => undefined);
  if (!stats?.isDirectory()) return undefined;
  return { path, device: stats.dev, inode: stats.ino, bornNs: stats.birthtimeNs };
}

function isSame(one: MadeFolder, other: MadeFolder): boolean {
  return one.device === other.device && one.inode === other.inode && one.bornNs === other.bornNs;
}
