import type { Store } from '../core/store.js';
import { createMemoryStore } from './memory-store.js';
import { moveAside, whileLocked } from './move-aside.js';
import { openSqliteStore } from './sqlite-store.js';
import { StorageFailure, type StorageFailureReason, storageFailure } from './storage-failure.js';

/** The history is there and sound, so going on without it would be the wrong help. */
const refusals: readonly StorageFailureReason[] = ['newer-schema', 'foreign', 'busy'];

/**
 * Opens the database at this absolute path in whatever way is left: a damaged file is moved aside and a new one begun;
 * where no file can be used at all (no native module, full or read-only disk) sessions live in memory. `notices` say so.
 * Rejects with a `StorageError` only when the file belongs to a newer Victor or another program, or stays locked.
 */
export async function openStore({ file }: { readonly file: string }): Promise<Store> {
  try {
    return await openSqliteStore({ file });
  } catch (error) {
    if (reasonOf(error) !== 'corrupt') return memoryStoreUnlessRefused(error, file);
  }
  try {
    return await whileLocked(file, () => replaceDamagedFile(file));
  } catch (error) {
    return memoryStoreUnlessRefused(error, file);
  }
}

async function replaceDamagedFile(file: string): Promise<Store> {
  try {
    // Another process may have moved it while we waited for the lock.
    return await openSqliteStore({ file });
  } catch (error) {
    if (reasonOf(error) !== 'corrupt') throw error;
  }
  const aside = moveAside(file);
  const store = await openSqliteStore({ file });
  const notice = `The session database was damaged. It is kept as ${aside}; sessions start anew in ${file}.`;
  return { ...store, notices: [notice, ...store.notices] };
}

function memoryStoreUnlessRefused(error: unknown, file: string): Store {
  const failure = storageFailure(error, file);
  if (failure instanceof StorageFailure && refusals.includes(failure.reason)) throw failure;
  const notice = `Sessions are kept in memory only and end with this process. ${failure.message} ${failure.advice ?? ''}`;
  return { ...createMemoryStore(), notices: [notice.trim()] };
}

function reasonOf(error: unknown): StorageFailureReason | undefined {
  return error instanceof StorageFailure ? error.reason : undefined;
}
