import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { StorageError } from '../core/errors.js';

/** Why the database cannot serve. `open-store.ts` branches on these, and so may the command line. */
export type StorageFailureReason =
  | 'native-module'
  | 'full'
  | 'read-only'
  | 'no-access'
  | 'folder'
  | 'not-a-file'
  | 'corrupt'
  | 'newer-schema'
  | 'foreign'
  | 'busy'
  | 'input-output'
  | 'unknown-session'
  | 'closed'
  | 'unexpected';

/** A `StorageError` that also says which kind of trouble it is. */
export class StorageFailure extends StorageError {
  readonly reason: StorageFailureReason;
  readonly file: string;

  constructor(
    reason: StorageFailureReason,
    file: string,
    options: { cause?: unknown; message?: string; advice?: string } = {},
  ) {
    const [message, advice] = explanations[reason](file);
    super(options.message ?? message, { advice: options.advice ?? advice, cause: options.cause });
    this.reason = reason;
    this.file = file;
  }
}

/** Anything thrown while the database was used, as a `StorageError`. Errors that are one already stay as they are. */
export function storageFailure(error: unknown, file: string): StorageError {
  if (error instanceof StorageError) return error;
  const reason = reasonFor(codeOf(error));
  // What SQLite shares between processes it cannot make on a full disk either, and calls that another error.
  const isFull = reason === 'input-output' && hasNoRoom(file);
  return new StorageFailure(isFull ? 'full' : reason, file, { cause: error });
}

/** Less than the smallest log and what belongs to it. */
const LITTLE_ROOM_BYTES = 64 * 1024;

function hasNoRoom(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < LITTLE_ROOM_BYTES;
  } catch {
    return false;
  }
}

/** Another process holds the lock; the same operation can succeed a moment later. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED') || code === 'SQLITE_PROTOCOL';
}

/** The stable code of a SQLite or system error, or an empty string. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

/** What a code of SQLite or the system says is wrong. */
export function reasonFor(code: string): StorageFailureReason {
  for (const [prefix, reason] of reasonsByCode) if (code.startsWith(prefix)) return reason;
  return 'unexpected';
}

/** By the start of the code, because SQLite's extended codes only add to the primary ones. The first match wins. */
const reasonsByCode: readonly (readonly [string, StorageFailureReason])[] = [
  ['SQLITE_FULL', 'full'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['SQLITE_READONLY', 'read-only'],
  ['EROFS', 'read-only'],
  ['SQLITE_NOTADB', 'corrupt'],
  ['SQLITE_CORRUPT', 'corrupt'],
  // A page that should be there lies behind the end of the file.
  ['SQLITE_IOERR_SHORT_READ', 'corrupt'],
  ['SQLITE_CANTOPEN', 'no-access'],
  ['SQLITE_PERM', 'no-access'],
  ['SQLITE_AUTH', 'no-access'],
  ['EACCES', 'no-access'],
  ['EPERM', 'no-access'],
  ['ENOENT', 'folder'],
  ['ENOTDIR', 'folder'],
  ['EEXIST', 'folder'],
  ['ENAMETOOLONG', 'folder'],
  ['ELOOP', 'folder'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_PROTOCOL', 'busy'],
  ['SQLITE_IOERR', 'input-output'],
  ['EIO', 'input-output'],
  ['EFBIG', 'input-output'],
];

const elsewhere = 'or set VICTOR_HOME to a folder on another disk';

/** What to tell the user: the fact, then what to do next. */
const explanations: Record<StorageFailureReason, (file: string) => readonly [string, string]> = {
  'native-module': () => [
    `better-sqlite3, the native module that keeps sessions, does not load under Node ${process.version}.`,
    'Run `npm rebuild better-sqlite3` in the folder that victor is installed in.',
  ],
  full: (file) => [`The disk is full: ${file} cannot grow.`, `Free some space, ${elsewhere}.`],
  'read-only': (file) => [`${file} is read-only.`, `Make it writable, ${elsewhere}.`],
  'no-access': (file) => [
    `${file} cannot be opened with your permissions.`,
    `Check who owns the file and its folder, ${elsewhere}.`,
  ],
  folder: (file) => [
    `The folder of ${file} cannot be made.`,
    'Check that every part of the path is a folder you may write in, or set VICTOR_HOME to one that is.',
  ],
  'not-a-file': (file) => [
    `${file} is not a regular file.`,
    'Put the database itself in its place (a link to a folder is fine, a link to the file is not), or set VICTOR_HOME.',
  ],
  corrupt: (file) => [
    `${file} is damaged.`,
    `Keep a copy of it, move it away with its -wal and -shm files, and start victor again.`,
  ],
  'newer-schema': (file) => [
    `${file} was written by a newer version of victor.`,
    'Update victor. Until then `victor sessions list --read-only` and `victor sessions export ID --read-only` read what is stored, and --no-session goes on without it.',
  ],
  foreign: (file) => [
    `${file} is the database of another program.`,
    'Move it away, or set VICTOR_HOME to another folder.',
  ],
  busy: (file) => [
    `Another program has held the lock on ${file} for too long.`,
    'Close other programs that use this file, then try again.',
  ],
  'input-output': (file) => [
    `${file} cannot be read or written: the system reports an input/output error.`,
    `Check the disk and its quota, ${elsewhere}.`,
  ],
  'unknown-session': () => [
    'This session does not exist, or was deleted in another terminal.',
    'Start a new session; `victor sessions list` shows the ones there are.',
  ],
  closed: (file) => [`${file} is already closed.`, 'This is a bug in victor: please report it.'],
  unexpected: (file) => [
    `${file} could not be used.`,
    `Run \`victor doctor\`, ${elsewhere}; if that does not help, please report it.`,
  ],
};
