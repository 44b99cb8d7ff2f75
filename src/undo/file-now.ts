import type { FileState } from '../core/checkpoint.js';
import { messageOf } from '../core/describe-failure.js';
import { errnoOf, FileError, type FileProblem } from '../tools/file-error.js';
import { readWholeFile } from '../tools/text-file.js';

/** A regular file as it is, or that there is none; `problem` says why nobody may look. */
export type FileNow =
  | { readonly state: FileState; readonly content: Uint8Array | null; readonly problem?: undefined }
  /** `refused`: it is nothing that a tool changes. */
  | { readonly problem: string; readonly refused: boolean; readonly state?: undefined };

const notChanged: readonly FileProblem[] = ['directory', 'special', 'link', 'path'];

/** Looks at a file by its real path: whatever was put in its place since, a link above all, is a problem. */
export async function fileNow(realPath: string): Promise<FileNow> {
  try {
    const { bytes, hash, stats } = await readWholeFile(realPath, realPath);
    return { state: { hash, mode: stats.mode & 0o7777 }, content: bytes };
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR')
      return { state: { hash: null, mode: null }, content: null };
    const refused = error instanceof FileError && notChanged.includes(error.problem);
    return { problem: messageOf(error), refused };
  }
}
