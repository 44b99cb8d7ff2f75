import { createRequire } from 'node:module';
import type { Database, Statement } from 'better-sqlite3';
import { retryWhileBusy } from './retry-while-busy.js';
import { codeOf, StorageFailure, storageFailure } from './storage-failure.js';

/** How long SQLite may block this thread on a lock, in milliseconds; longer waits happen on a timer. */
const BUSY_TIMEOUT_MS = 15;

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
  /** As `write`, with the strictest lock that the journal mode knows. */
  exclusive<T>(operation: () => T): Promise<T>;
  /** Makes this a database with a write-ahead log, which lasts: readers and one writer do not wait for each other. */
  enableWriteAheadLog(): Promise<void>;
  /** Waits for pending writes and closes; the second call does nothing. */
  close(): Promise<void>;
}

/** Opens the file, which must exist. Writes nothing yet: the file may turn out to be another program's. */
export async function openSqliteConnection(file: string): Promise<SqliteConnection> {
  const database = await openDatabase(file);
  const statements = new Map<string, Statement>();
  // One wrapper for all operations: building it costs more than a small transaction.
  const transaction = database.transaction((operation: () => unknown) => operation());
  let pending: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;

  async function attempt<T>(operation: () => T): Promise<T> {
    try {
      return await retryWhileBusy(operation);
    } catch (error) {
      throw storageFailure(error, file);
    }
  }

  function enqueue<T>(operation: () => T): Promise<T> {
    if (closing) return Promise.reject(new StorageFailure('closed', file));
    const result = pending.then(() => attempt(operation));
    pending = result.catch(() => undefined);
    return result;
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
    write: <T>(operation: () => T) => enqueue(() => transaction.immediate(operation) as T),
    exclusive: <T>(operation: () => T) => enqueue(() => transaction.exclusive(operation) as T),
    enableWriteAheadLog: () => attempt(() => void database.pragma('journal_mode = WAL')),
    close() {
      closing ??= pending.then(() => void database.close());
      return closing;
    },
  };
}

async function openDatabase(file: string): Promise<Database> {
  try {
    const { default: Sqlite } = await import('better-sqlite3');
    // SQLite would make a missing file itself, for everybody to read.
    const options = { timeout: BUSY_TIMEOUT_MS, nativeBinding: locateNativeModule(), fileMustExist: true };
    return await retryWhileBusy(() => configured(new Sqlite(file, options)));
  } catch (error) {
    // Only SQLite's own errors are about the file; what else goes wrong here is the module that does not load.
    if (codeOf(error).startsWith('SQLITE_')) throw storageFailure(error, file);
    throw new StorageFailure('native-module', file, { cause: error });
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

/** What holds for a connection and is not kept in the file. Acknowledged has to mean on the disk: hence FULL. */
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
