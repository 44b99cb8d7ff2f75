import { statSync } from 'node:fs';
import { realDirectory } from './workspace-root.js';

/** Which folder it is: another one in its place, or the same one elsewhere, is not what the user decided about. */
export interface FolderIdentity {
  /** Real path. */
  readonly directory: string;
  readonly inode: number;
  readonly device: number;
}

/** The folder as it is now. Throws `ConfigError` when there is none. */
export function folderIdentity(directory: string): FolderIdentity {
  const real = realDirectory(directory);
  const { ino, dev } = statSync(real);
  return { directory: real, inode: ino, device: dev };
}

export function isSameFolder(one: FolderIdentity, other: FolderIdentity): boolean {
  return one.directory === other.directory && one.inode === other.inode && one.device === other.device;
}
