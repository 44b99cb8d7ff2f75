import { moveAside, whileLocked } from './move-aside.js';
import { openMarks } from './open-marks.js';
import { type Salvage, salvage } from './salvage.js';
import { type OpenSqliteStoreOptions, openSqliteStore, type SqliteStore } from './sqlite-store.js';
import { StorageFailure } from './storage-failure.js';

/** Opens the database; one that is damaged is moved aside, and what can be read of it is in the new one. */
export async function openOrReplace(options: OpenSqliteStoreOptions): Promise<SqliteStore> {
  try {
    return await openSqliteStore(options);
  } catch (error) {
    if (!isCorrupt(error)) throw error;
  }
  return whileLocked(options.file, async () => {
    try {
      // Another process may have moved it while we waited for the lock.
      return await openSqliteStore(options);
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      refuseWhileOpen(options.file, error);
    }
    return replace(options);
  });
}

async function replace(options: OpenSqliteStoreOptions): Promise<SqliteStore> {
  const { file } = options;
  const aside = moveAside(file);
  const store = await openSqliteStore(options);
  const saved = await salvage(aside, store.connection).catch((error: unknown) => error);
  const start = `The session database was damaged. It is kept as ${aside}.`;
  return { ...store, notices: [`${start} ${reportOf(saved, file)}`, ...store.notices] };
}

function reportOf(saved: Salvage | unknown, file: string): string {
  if (!isSalvage(saved)) {
    const why = saved instanceof Error ? saved.message : String(saved);
    return `Sessions start anew in ${file}, because reading the damaged one failed: ${why}`;
  }
  if (saved.sessions === 0) return `Nothing could be read from it; sessions start anew in ${file}.`;
  const lost =
    saved.lost > 0 ? `; ${saved.lost} entries of their logs are lost, and marked where they were` : '';
  return `${saved.sessions} sessions with ${saved.messages} messages were read from it into ${file}${lost}.`;
}

function isSalvage(saved: unknown): saved is Salvage {
  return typeof saved === 'object' && saved !== null && 'lost' in saved;
}

/** A process that has the file open would go on writing to the one that was moved. */
function refuseWhileOpen(file: string, cause: unknown): void {
  const { alive } = openMarks(file);
  if (alive.length === 0) return;
  throw new StorageFailure('corrupt', file, {
    message: `${file} is damaged, and open in other processes (${alive.join(', ')}).`,
    advice: 'End the other victors and start again: the file is then kept and what can be read is saved.',
    cause,
  });
}

function isCorrupt(error: unknown): boolean {
  return error instanceof StorageFailure && error.reason === 'corrupt';
}
