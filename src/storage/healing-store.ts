import type { ImportedSession, Store } from '../core/store.js';
import { insertRows, rowsOfSessions } from './salvage-tables.js';
import type { SqliteStore } from './sqlite-store.js';
import { StorageFailure } from './storage-failure.js';

export interface HealingStoreOptions {
  readonly first: SqliteStore;
  /** Opens the database again; one that is damaged is replaced by what can be read of it. */
  readonly reopen: () => Promise<SqliteStore>;
  /** Puts a damaged database aside and opens what could be saved of it. */
  readonly replace: () => Promise<SqliteStore>;
  readonly onNotice: (text: string) => void;
}

/** A store that goes on with another connection, and the same call, when its file turns out to be damaged or was taken away. */
export function createHealingStore(options: HealingStoreOptions): Store & { setPatience(ms?: number): void } {
  let current = options.first;
  let healing: Promise<void> | undefined;
  const written = new Set<string>();

  const heal = (broken: SqliteStore, by: () => Promise<SqliteStore>) => {
    // Calls that fail together heal it once; where that fails they all fail with what stands in the way.
    if (current !== broken) return healing ?? Promise.resolve();
    healing ??= by().then((store) => {
      current = store;
      healing = undefined;
      for (const notice of store.notices) options.onNotice(notice);
    });
    return healing;
  };

  const replaceDamaged = (broken: SqliteStore) =>
    heal(broken, async () => {
      await broken.close();
      return options.replace();
    });

  /** This connection still reads what it wrote, wherever the names of its files went. */
  const rescueWritten = (broken: SqliteStore) =>
    heal(broken, async () => {
      const rows = rowsOfSessions(broken.connection, [...written]);
      await broken.close();
      const store = await options.reopen();
      await insertRows(store.connection, rows);
      options.onNotice(
        `The files of ${store.connection.file} were deleted or replaced while victor had them open. What this process had written is saved.`,
      );
      return store;
    });

  async function attempt<T>(operation: (store: Store) => Promise<T>): Promise<T> {
    await healing;
    if (!current.isInPlace()) await rescueWritten(current);
    const used = current;
    try {
      return await operation(used);
    } catch (error) {
      if (!(error instanceof StorageFailure) || error.reason !== 'corrupt') throw error;
      await replaceDamaged(used);
      return operation(current);
    }
  }

  /** The same methods, each of the connection that is current when it is called. */
  function forward<Part extends Parts>(part: Part): Store[Part] {
    const methods = Object.keys(options.first[part]).map((name) => [
      name,
      (...parameters: unknown[]) => {
        const session = writtenBy(name, parameters);
        if (session !== undefined) written.add(session);
        return attempt((store) => (store[part] as unknown as Methods)[name]!(...parameters));
      },
    ]);
    return Object.fromEntries(methods) as Store[Part];
  }

  return {
    sessions: forward('sessions'),
    analytics: forward('analytics'),
    checkpoints: forward('checkpoints'),
    spool: forward('spool'),
    decisions: forward('decisions'),
    notices: options.first.notices,
    mended: options.first.mended ?? [],
    check: () => current.check!(),
    setPatience: (ms) => current.connection.setPatience(ms),
    close: () => current.close(),
  };
}

/** The session that this call makes or adds to. */
function writtenBy(name: string, [first, second]: readonly unknown[]): string | undefined {
  if (name === 'openSession' || name === 'appendLog') return String(first);
  if (name === 'forkSession') return String(second);
  return name === 'importSession' ? (first as ImportedSession).id : undefined;
}

type Parts = 'sessions' | 'analytics' | 'checkpoints' | 'decisions' | 'spool';
type Methods = Record<string, (...parameters: unknown[]) => Promise<never>>;
