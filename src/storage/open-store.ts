import type { Store } from '../core/store.js';
import { createHealingStore } from './healing-store.js';
import { createMemoryStore } from './memory-store.js';
import { openReadOnlyStore } from './read-only-store.js';
import { openOrReplace } from './replace-damaged.js';
import { createSpillingStore, inMemoryNotice } from './spilling-store.js';
import { StorageFailure, type StorageFailureReason, storageFailure } from './storage-failure.js';

/** The history is there and sound, so going on without it would be the wrong help. */
const refusals: readonly StorageFailureReason[] = ['newer-schema', 'foreign', 'busy'];

export interface OpenStoreOptions {
  /** Absolute path of the database. */
  readonly file: string;
  /** Told of what takes long while it is opened; what comes up later goes to the listener of the store, once it has one. */
  readonly onNotice?: (text: string) => void;
}

/**
 * Opens the database at this absolute path in whatever way is left, and goes on with it whatever happens to it later. A
 * damaged file is moved aside and a new one begun with what can be read of it; where nothing can be written (full or
 * read-only disk) what is new is kept in memory, on top of what is stored, and all of it where no native module loads.
 * `notices` and `onNotice` say so.
 * Rejects with a `StorageError` only when the file belongs to a newer Victor or another program, or stays locked.
 */
export async function openStore({ file, onNotice }: OpenStoreOptions): Promise<Store> {
  const meanwhile: string[] = [];
  let tell = onNotice ?? ((text: string) => void meanwhile.push(text));
  const store = await openSpilling(file, (text) => tell(text));
  return {
    ...store,
    notices: [...meanwhile, ...store.notices],
    onNotice(listener) {
      tell = listener;
    },
  };
}

async function openSpilling(file: string, onNotice: (text: string) => void): Promise<Store> {
  try {
    const first = await openOrReplace({ file, onNotice });
    const durable = createHealingStore({
      first,
      reopen: () => openOrReplace({ file, onNotice }),
      replace: () => openOrReplace({ file, onNotice, suspect: true }),
      onNotice,
    });
    return createSpillingStore({ durable, onNotice });
  } catch (error) {
    const failure = storageFailure(error, file);
    if (!(failure instanceof StorageFailure) || refusals.includes(failure.reason)) throw failure;
    return inMemory(file, failure, onNotice);
  }
}

/** What is stored can often be read although nothing can be written: then it is there, below what is new. */
async function inMemory(
  file: string,
  trouble: StorageFailure,
  onNotice: (text: string) => void,
): Promise<Store> {
  try {
    const durable = await openReadOnlyStore({ file });
    return createSpillingStore({ durable, trouble, onNotice });
  } catch {
    return { ...createMemoryStore(), notices: [inMemoryNotice(trouble)] };
  }
}
