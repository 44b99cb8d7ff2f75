import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { isInside } from './workspace-root.js';

export interface ReadOptions {
  readonly maxBytes: number;
  /** Real path of a folder that the file, after its symbolic links, must be in. */
  readonly within?: string | undefined;
  /** Refuse a file that somebody else owns or may write. */
  readonly ownedByUser?: boolean;
}

export type ReadResult =
  | { readonly ok: true; readonly text: string; readonly realPath: string; readonly stats: Stats }
  /** `reason` continues "FILE …"; `missing` tells that there is no such file. */
  | { readonly ok: false; readonly reason: string; readonly advice: string; readonly missing: boolean };

/**
 * Reads a small UTF-8 file that nobody vouches for. Pipes, devices, folders, links that leave `within` and large
 * files are refused before they are opened, so that none of them can make the program wait.
 */
export function readRegularFile(file: string, options: ReadOptions): ReadResult {
  try {
    const link = lstatSync(file).isSymbolicLink();
    const realPath = realpathSync.native(file);
    if (link && options.within !== undefined && !isInside(realPath, options.within)) {
      return refusal('is a symbolic link that leaves the workspace', 'Put the file itself there.');
    }
    const before = lstatSync(realPath);
    const problem = problemOf(before, options);
    if (problem) return problem;
    const descriptor = openSync(realPath, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const stats = fstatSync(descriptor);
      const changed = problemOf(stats, options);
      if (changed) return changed;
      const buffer = Buffer.alloc(stats.size + 1);
      let length = 0;
      for (let read = 1; read > 0 && length < buffer.length; length += read) {
        read = readSync(descriptor, buffer, length, buffer.length - length, null);
      }
      // One byte more than it had when it was checked: a file that grows meanwhile is cut, not followed.
      return { ok: true, text: decode(buffer.subarray(0, Math.min(length, stats.size))), realPath, stats };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return explain(error);
  }
}

function problemOf(stats: Stats, options: ReadOptions): ReadResult | undefined {
  if (!stats.isFile())
    return refusal(`is ${kindOf(stats)}, not a file`, 'Remove it, or put a file in its place.');
  if (stats.size > options.maxBytes) return tooLarge(options.maxBytes);
  return options.ownedByUser ? ownership(stats) : undefined;
}

/** Whether nobody but the user (and root) could have put this there or written it. */
export function isUsersOwn(stats: Stats): boolean {
  return ownership(stats) === undefined;
}

function ownership(stats: Stats): ReadResult | undefined {
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  if (stats.uid !== user && stats.uid !== 0) {
    return refusal('belongs to another user', 'Use a file of your own.');
  }
  // A group that holds only its user, as many systems make them, is no stranger.
  const groupIsOwn = stats.gid === process.getgid?.() && stats.gid === user;
  if ((stats.mode & 0o002) !== 0 || ((stats.mode & 0o020) !== 0 && !groupIsOwn)) {
    return refusal('can be written by other users', 'Run chmod go-w on it.');
  }
  return undefined;
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

function tooLarge(maxBytes: number): ReadResult {
  return refusal(`is larger than ${Math.floor(maxBytes / 1024)} kB`, 'Make it smaller.');
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

function explain(error: unknown): ReadResult {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return refusal('does not exist', 'Check the path.', true);
  if (code === 'ELOOP') return refusal('is a symbolic link that leads nowhere', 'Put the file itself there.');
  if (code === 'EACCES' || code === 'EPERM') return refusal('cannot be read', 'Check its permissions.');
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return refusal('is not UTF-8 text', 'Save it as UTF-8.');
  }
  return refusal(`cannot be read: ${message}`, 'Check the file.');
}

function refusal(reason: string, advice: string, missing = false): ReadResult {
  return { ok: false, reason, advice, missing };
}
