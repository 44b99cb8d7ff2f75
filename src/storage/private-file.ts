import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  type Stats,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { makeFolders } from '../make-folders.js';
import { codeOf, StorageFailure } from './storage-failure.js';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** Everything the group and others may do. */
const OTHERS = 0o077;

/**
 * Makes sure that the database file exists and that nobody but its owner can open it or its folder, before anything
 * is written. SQLite gives `-wal` and `-shm` the mode of the database. Answers what the user should know.
 * Throws system errors, and a `StorageFailure` where SQLite would follow a link or drop a log that has lost its database.
 */
export function preparePrivateFile(file: string): string[] {
  const folder = dirname(file);
  const folderStats = statSync(folder, { throwIfNoEntry: false });
  const opened: string[] = [];
  if (!folderStats) makeFolders(folder, FOLDER_MODE);
  else if (isLoose(folderStats) && isOurs(folder, folderStats)) tighten(folder, FOLDER_MODE, opened);

  // The log before the database: a process that creates both right now does so in the other order.
  const log = lstatSync(`${file}-wal`, { throwIfNoEntry: false });
  const database = lstatSync(file, { throwIfNoEntry: false });
  if (database && !database.isFile()) throw new StorageFailure('not-a-file', file);
  if (log && log.size > 0 && !database?.size) {
    throw new StorageFailure('corrupt', file, { message: `${file} is missing, but its -wal file is there.` });
  }
  if (!database) create(file);
  else if (isLoose(database)) tighten(file, FILE_MODE, opened);
  if (log && isLoose(log)) tighten(`${file}-wal`, FILE_MODE, opened);
  const shared = log && lstatSync(`${file}-shm`, { throwIfNoEntry: false });
  if (shared && isLoose(shared)) tighten(`${file}-shm`, FILE_MODE, opened);

  // SQLite would open a read-only file without a word and fail at the first message.
  accessSync(file, constants.R_OK | constants.W_OK);
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);

  if (opened.length === 0) return [];
  return [`Other users of this machine could open ${opened.join(' and ')}; victor has made it private.`];
}

function create(file: string): void {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants;
  try {
    closeSync(openSync(file, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE));
  } catch (error) {
    // Another process that starts at the same time was first.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

function isLoose(stats: Stats): boolean {
  return (stats.mode & OTHERS) !== 0;
}

/** Whether the folder serves Victor alone: taking a shared one (`/tmp`, the home folder) from others would do harm. */
function isOurs(folder: string, stats: Stats): boolean {
  const sticky = (stats.mode & 0o1000) !== 0;
  return !sticky && stats.uid === process.getuid?.() && folder !== homedir() && folder !== dirname(folder);
}

function tighten(path: string, mode: number, opened: string[]): void {
  chmodSync(path, mode);
  opened.push(path);
}
