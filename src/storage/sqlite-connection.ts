import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Database, Statement } from 'better-sqlite3';
import { atExit } from './at-exit.js';
import { createLogKeeper } from './log-keeper.js';
import { type LogSync, openLogSync } from './log-sync.js';
import { networkFileSystem } from './network-file-system.js';
import { type Patience, retryWhileBusy } from './retry-while-busy.js';
import { codeOf, StorageFailure, storageFailure } from './storage-failure.js';

/** How long SQLite may block this thread on a lock, in milliseconds; longer waits happen on a timer. */
const BUSY_TIMEOUT_MS = 5;

/** A log that has done its work is cut to this; a new one then need not be made for every few messages. */
const LARGEST_KEPT_LOG_BYTES = 4 * 1024 * 1024;

const LAST_RESORT_PAGES = 8_000;

/** An open database as the stores use it. Everything it rejects with is a `StorageError`. */
export interface SqliteConnection {
  readonly file: string;
  /** The prepared statement for this text; compiled once a connection. Only inside `read`, `write` and `exclusive`. */
  prepare<Parameters extends unknown[] = unknown[], Row = unknown>(sql: string): Statement<Parameters, Row>;
  /** Runs statements that answer nothing, several at once. */
  execute(sql: string): void;
  pragma(text: string): unknown;
  /** Runs a synchronous reader on one snapshot: what other processes write meanwhile is not seen by half. */
  read<T>(operation: () => T): Promise<T>;
  /**
   * Runs a synchronous writer as one IMMEDIATE transaction and resolves when it is on disk. Writers of one connection
   * run in the order of the calls. An operation may run more than once, so it must not change anything outside.
   */
  write<T>(operation: () => T): Promise<T>;
  /**
   * As `write`, where a thread of its own may have done it: what `apart` answers, or, where that is `undefined`, what the
   * operation answers here. Both at their place among the writers. Only with a write-ahead log `apart` is asked.
   */
  writeApart<T>(apart: () => Promise<T | undefined>, operation: () => T): Promise<T>;
  /**
   * From now on every `write` begins with this in its transaction, so that what can wait costs no commit of its own; what it
   * answers is called once that is committed. It may run more than once, as every operation.
   */
  ride(passenger: () => (() => void) | undefined): void;
  /** As `write`, with the strictest lock that the journal mode knows. */
  exclusive<T>(operation: () => T): Promise<T>;
  /**
   * Makes this a database with a write-ahead log, which lasts: readers and one writer do not wait for each other. On a
   * network file system, where processes of two machines would not see each other's, one that keeps a journal instead.
   */
  enableWriteAheadLog(): Promise<void>;
  /** How long one operation waits for other processes from now on, in milliseconds; without a number, as long as usual. */
  setPatience(budgetMs?: number): void;
  /** Writes the database anew without what was deleted, and empties the log. */
  vacuum(): Promise<void>;
  /** Copies the database as it is now into an empty file, page by page, while others go on. */
  copyTo(path: string): Promise<void>;
  /** Waits for pending writes and closes; the second call does nothing. */
  close(): Promise<void>;
}

export interface SqliteConnectionOptions {
  /** Nothing is written, not even what an interrupted process left to do. */
  readonly readOnly?: boolean;
  /** Called when an operation waits for another process, and that takes longer than people like to look at. */
  readonly onWait?: (() => void) | undefined;
}

/** Opens the file, which must exist. Writes nothing yet: the file may turn out to be another program's. */
export async function openSqliteConnection(
  file: string,
  options: SqliteConnectionOptions = {},
): Promise<SqliteConnection> {
  const database = await openDatabase(file, options);
  const { onWait } = options;
  const networked = networkFileSystem(dirname(file)) !== undefined;
  let patience: Patience = { onWait };
  const logKeeper = createLogKeeper(file);
  const statements = new Map<string, Statement>();
  // One wrapper for all operations: building it costs more than a small transaction.
  const transaction = database.transaction((operation: () => unknown) => operation());
  // A process that is told to end at once has no time for `close`; this rolls back or commits, and empties the log.
  const forget = atExit(() => database.close());
  let pending: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;
  /** SQLite itself syncs no commit, because that would stop the main thread: it is done behind each. */
  let syncsBehind = false;
  let logSync: LogSync | undefined;
  let passenger: (() => (() => void) | undefined) | undefined;

  async function attempt<T>(operation: () => T): Promise<T> {
    try {
      return await retryWhileBusy(operation, patience);
    } catch (error) {
      throw storageFailure(error, file);
    }
  }

  function enqueue<T>(operation: () => Promise<T>): Promise<T> {
    if (closing) return Promise.reject(new StorageFailure('closed', file));
    const result = pending.then(operation);
    pending = result.catch(() => undefined);
    return result;
  }

  /** Acknowledged means on the disk: answers once it is. */
  async function commit<T>(operation: () => Promise<T>): Promise<T> {
    const result = await enqueue(operation);
    if (!syncsBehind) return result;
    try {
      logSync ??= openLogSync(file);
      await logSync.sync();
    } catch (error) {
      throw storageFailure(error, file);
    }
    return result;
  }

  function withPassenger<T>(operation: () => T): T {
    let committed: (() => void) | undefined;
    const answer = transaction.immediate(() => {
      committed = passenger?.();
      return operation();
    }) as T;
    committed?.();
    return answer;
  }

  return {
    file,
    prepare<Parameters extends unknown[], Row>(sql: string) {
      let statement = statements.get(sql);
      if (!statement) {
        statement = database.prepare(sql);
        statements.set(sql, statement);
      }
      return statement as Statement<Parameters, Row>;
    },
    execute: (sql) => void database.exec(sql),
    pragma: (text) => database.pragma(text, { simple: true }),
    read: <T>(operation: () => T) =>
      closing
        ? Promise.reject(new StorageFailure('closed', file))
        : attempt(() => transaction.deferred(operation) as T),
    async write<T>(operation: () => T) {
      const result = await commit(() => attempt(() => withPassenger(operation)));
      logKeeper.written();
      return result;
    },
    async writeApart<T>(apart: () => Promise<T | undefined>, operation: () => T) {
      const result = await commit(async () => {
        const answer = syncsBehind ? await apart() : undefined;
        return answer ?? attempt(() => withPassenger(operation));
      });
      logKeeper.written();
      return result;
    },
    ride(given) {
      passenger = given;
    },
    exclusive: <T>(operation: () => T) => commit(() => attempt(() => transaction.exclusive(operation) as T)),
    enableWriteAheadLog: () =>
      attempt(() => {
        const mode = database.pragma(networked ? 'journal_mode = DELETE' : 'journal_mode = WAL', {
          simple: true,
        });
        syncsBehind = mode === 'wal';
        if (syncsBehind) database.exec('PRAGMA synchronous = NORMAL');
        // What a long reader made of the log does not stay on the disk for good.
        database.pragma(`journal_size_limit = ${LARGEST_KEPT_LOG_BYTES}`);
        // Another thread brings it home long before; this is for where none can be started.
        database.pragma(`wal_autocheckpoint = ${LAST_RESORT_PAGES}`);
      }),
    setPatience(budgetMs) {
      patience = budgetMs === undefined ? { onWait } : { budgetMs };
    },
    vacuum: () => attempt(() => void database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')),
    async copyTo(path) {
      try {
        await database.backup(path);
      } catch (error) {
        throw storageFailure(error, path);
      }
    },
    close() {
      closing ??= pending.then(async () => {
        await logKeeper.idle();
        forget();
        database.close();
        await logSync?.close();
      });
      return closing;
    },
  };
}

async function openDatabase(
  file: string,
  { readOnly = false, onWait }: SqliteConnectionOptions,
): Promise<Database> {
  if (readOnly) requireReadable(file);
  try {
    const { default: Sqlite } = await import('better-sqlite3');
    // SQLite would make a missing file itself, for everybody to read.
    const nativeBinding = locateNativeModule();
    const options = { timeout: BUSY_TIMEOUT_MS, nativeBinding, fileMustExist: true, readonly: readOnly };
    return await retryWhileBusy(() => configured(new Sqlite(file, options)), { onWait });
  } catch (error) {
    // Only SQLite's own errors are about the file; what else goes wrong here is the module that does not load.
    if (codeOf(error).startsWith('SQLITE_')) throw storageFailure(error, file);
    throw new StorageFailure('native-module', file, { cause: error });
  }
}

/** Nobody has prepared the file of a connection that only reads, and of one in no folder the module tells by no code. */
function requireReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw storageFailure(error, file);
  }
}

/** The version of SQLite that the native module brings. Rejects with a `StorageError` when that does not load. */
export async function sqliteVersion(): Promise<string> {
  try {
    const { default: Sqlite } = await import('better-sqlite3');
    const database = new Sqlite(':memory:', { nativeBinding: locateNativeModule() });
    const version = database.prepare('SELECT sqlite_version()').pluck().get();
    database.close();
    return String(version);
  } catch (error) {
    throw new StorageFailure('native-module', ':memory:', { cause: error });
  }
}

/** What holds for a connection and is not kept in the file. Without a write-ahead log only FULL is on the disk for certain. */
function configured(database: Database): Database {
  try {
    return database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The place every install puts the module; without a hint the package searches a dozen, which takes milliseconds. */
function locateNativeModule(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('better-sqlite3/build/Release/better_sqlite3.node');
  } catch {
    return undefined;
  }
}
