import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Store } from '../core/store.js';
import { checkDatabase } from './check-database.js';
import { isIntact } from './integrity.js';
import { type Migration, migrate, migrations } from './migrations.js';
import { networkFileSystem } from './network-file-system.js';
import {
  acknowledgedIn,
  isBeingOpened,
  isSuspectMark,
  markOpening,
  markSuspect,
  type OpenMark,
  type OpenMarks,
  openMarks,
  removeMarks,
} from './open-marks.js';
import { preparePrivateFile } from './private-file.js';
import { createSqliteAnalytics } from './sqlite-analytics.js';
import { createSqliteCheckpoints } from './sqlite-checkpoints.js';
import { openSqliteConnection, type SqliteConnection } from './sqlite-connection.js';
import { createSqliteDecisions } from './sqlite-decisions.js';
import { createSqliteSessions } from './sqlite-sessions.js';
import { createSqliteSpool } from './sqlite-spool.js';
import { StorageFailure, storageFailure } from './storage-failure.js';
import { missingFrames, readWriteAheadLog } from './write-ahead-log.js';

export interface OpenSqliteStoreOptions {
  /** Absolute path of the database; it and its folder are made when they are missing. */
  readonly file: string;
  /** Told of what takes long or turns up later. */
  readonly onNotice?: (text: string) => void;
  readonly migrations?: readonly Migration[];
  /** Looks at every page first, however long that takes. */
  readonly suspect?: boolean;
}

/** A store with what belongs to its being one file. */
export interface SqliteStore extends Store {
  readonly connection: SqliteConnection;
  /** Whether the file and its log are still those that were opened. */
  isInPlace(): boolean;
}

/**
 * Opens the database. After a process that had it open was killed, every page is looked at first.
 * Rejects with a `StorageError` when it cannot be used for any reason; `openStore` is the one that finds a way on.
 */
export async function openSqliteStore(options: OpenSqliteStoreOptions): Promise<SqliteStore> {
  const { file, onNotice = () => {} } = options;
  const { connection, mended, notices, marks, isShort, mark } = await open(file, onNotice);
  try {
    const copy = await migrate(connection, options.migrations ?? migrations);
    if (copy) mended.push(`The session database has a new schema; as it was before it is kept as ${copy}.`);
    if (options.suspect || isShort || marks.left.length > 0) {
      const missing = await missingAfterCrash(connection, marks);
      if (missing > 0 || isShort) notices.push(missingNotice(file, missing));
      await checkPages(connection, marks, options);
    }
  } catch (error) {
    await connection.close();
    mark.remove();
    throw error;
  }
  mark.opened();
  const sessions = createSqliteSessions(connection, mark.acknowledged);
  const { save, ...decisions } = createSqliteDecisions(connection);
  return {
    connection,
    sessions,
    analytics: createSqliteAnalytics(connection),
    spool: createSqliteSpool(connection),
    checkpoints: createSqliteCheckpoints(connection),
    decisions,
    notices: [...mended, ...notices],
    mended,
    check: () => checkDatabase(connection),
    isInPlace: identityOf(file),
    async close() {
      sessions.close();
      // What nobody can explain any more stands in nobody's way.
      await save().catch(() => {});
      // While the log goes it tells others that somebody is still at it.
      await connection.close();
      mark.remove();
      forgetCrashes(file);
    },
  };
}

/** Where the last one has closed the database in order, nothing is left of what was killed before. */
function forgetCrashes(file: string): void {
  try {
    if (!existsSync(`${file}-wal`)) removeMarks(openMarks(file).left.filter((mark) => !isSuspectMark(mark)));
  } catch {
    // The folder is gone, and the marks with it.
  }
}

/** A process that goes on writing to files that were deleted or replaced writes into nothing. */
function identityOf(file: string, suffixes = ['', '-wal', '-shm']): () => boolean {
  const numberOf = (suffix: string) => statSync(file + suffix, { throwIfNoEntry: false })?.ino;
  // Read once something was: SQLite makes the log when it looks for the first time.
  const first = suffixes.map((suffix) => [suffix, numberOf(suffix)] as const);
  return () => first.every(([suffix, number]) => number === undefined || numberOf(suffix) === number);
}

/** Who waits again and again is told why once a minute. */
const TELL_AGAIN_MS = 60_000;

/** Times a file that another process moves away, because it was damaged, is made again. */
const ATTEMPTS = 3;

interface Opened {
  readonly connection: SqliteConnection;
  readonly mended: string[];
  readonly notices: string[];
  readonly marks: OpenMarks;
  /** The log was longer once. */
  readonly isShort: boolean;
  readonly mark: OpenMark;
}

async function open(file: string, onNotice: (text: string) => void): Promise<Opened> {
  let toldAt = Number.NEGATIVE_INFINITY;
  const onWait = () => {
    if (performance.now() - toldAt < TELL_AGAIN_MS) return;
    toldAt = performance.now();
    onNotice(`Another program holds the lock on ${file}; victor waits for it.`);
  };
  for (let attempt = 1; ; attempt += 1) {
    const prepared = prepare(file);
    const isSame = identityOf(file, ['']);
    const mark = markOpening(file);
    try {
      return { connection: await openSqliteConnection(file, { onWait }), mark, ...prepared };
    } catch (error) {
      mark.remove();
      // A file that was moved away meanwhile may be there again already, as another one.
      if (attempt === ATTEMPTS || (existsSync(file) && isSame())) throw error;
    }
  }
}

function prepare(file: string): Omit<Opened, 'connection' | 'mark'> {
  try {
    const mended = preparePrivateFile(file);
    const notices: string[] = [];
    const network = networkFileSystem(dirname(file));
    if (network) {
      notices.push(
        `${dirname(file)} is on a network file system (${network}): use it from one machine at a time, or set VICTOR_HOME to a folder on a disk of this one.`,
      );
    }
    const marks = openMarks(file);
    const isShort = marks.alive.length === 0 && lookAtLog(file);
    return { mended, notices, marks, isShort };
  } catch (error) {
    throw storageFailure(error, file);
  }
}

/**
 * What SQLite would pass over in silence; it has to be seen before SQLite opens the file. A log, or what goes with it, is
 * there at a start only when a process was ended by force.
 */
function lookAtLog(file: string): boolean {
  if (!existsSync(`${file}-wal`) && !existsSync(`${file}-shm`)) return false;
  const damaged = readWriteAheadLog(`${file}-wal`)?.damaged === true;
  const isShort = missingFrames(file) > 0;
  // Somebody who has opened it meanwhile was writing what was looked at.
  if ((!damaged && !isShort) || openMarks(file).alive.length > 0 || isBeingOpened(file)) return false;
  if (damaged) throw new StorageFailure('corrupt', file, { message: `${file}-wal is damaged.` });
  return true;
}

/** How many entries a process that was killed had been told are on the disk, and are not. */
async function missingAfterCrash(connection: SqliteConnection, { left }: OpenMarks): Promise<number> {
  const acknowledged = acknowledgedIn(left);
  if (acknowledged === 0) return 0;
  const sql = 'SELECT coalesce(max(rowid), 0) FROM log';
  return acknowledged - (await connection.read(() => Number(connection.prepare(sql).pluck().get())));
}

function missingNotice(file: string, entries: number): string {
  const what =
    entries <= 0
      ? 'what was written last is'
      : entries === 1
        ? 'the last entry is'
        : `the last ${entries} entries are`;
  return `Victor was ended by force, and ${what} missing from ${file}: was ${file}-wal deleted?`;
}

async function checkPages(
  connection: SqliteConnection,
  { left }: OpenMarks,
  { file, suspect, onNotice }: OpenSqliteStoreOptions,
): Promise<void> {
  const later = () => {
    markSuspect(file);
    onNotice?.(
      `${file} is damaged. End victor and start it again: it keeps the file and saves what can be read.`,
    );
  };
  const intact = await isIntact(
    connection,
    suspect ? { waitMs: Number.POSITIVE_INFINITY } : { onDamage: later },
  );
  if (!intact) throw new StorageFailure('corrupt', file);
  removeMarks(left);
}
