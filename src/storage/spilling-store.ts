import type { Store } from '../core/store.js';
import { createMemoryStore } from './memory-store.js';
import { joined, mergedReads } from './merged-reads.js';
import { createSpillingSpool } from './spilling-spool.js';
import { StorageFailure, type StorageFailureReason } from './storage-failure.js';

/** Trouble of the disk or the file, which no other call would get around. */
const troubles: readonly StorageFailureReason[] = [
  ...(['full', 'read-only', 'no-access', 'folder', 'input-output', 'busy', 'corrupt', 'unexpected'] as const),
];

/** How long after a write that failed the next one tries the disk again, in milliseconds. */
const RETRY_MS = 2_000;
const IMPATIENT_MS = 100;

export interface SpillingStoreOptions {
  readonly durable: Store & { setPatience?(ms?: number): void };
  /** Why nothing is written there from the start. */
  readonly trouble?: StorageFailure;
  readonly onNotice: (text: string) => void;
}

/** A write, as it is done on the disk and, while that takes nothing, in memory. */
interface Write {
  readonly sessionId?: string;
  readonly onDisk: () => Promise<unknown>;
  readonly inMemory: (memory: Store) => Promise<unknown>;
}

/**
 * Goes on in memory where the disk takes no more, on top of what is stored: every read sees both. What waits in memory
 * is written, in its order, as soon as the disk takes it, and at the latest attempt when the store closes.
 */
export function createSpillingStore(options: SpillingStoreOptions): Store {
  const { durable, onNotice } = options;
  let memory: Store | undefined = options.trouble && createMemoryStore();
  const holds = createMemoryStore();
  let waiting: Write[] = [];
  let triedAt = 0;
  let queue: Promise<unknown> = Promise.resolve();

  const inOrder = <T>(action: () => Promise<T>): Promise<T> => {
    const result = queue.then(action);
    queue = result.catch(() => undefined);
    return result;
  };

  const begin = (failure: StorageFailure) => {
    memory = createMemoryStore();
    durable.setPatience?.(IMPATIENT_MS);
    onNotice(inMemoryNotice(failure));
  };

  /** Writes what waits, as far as that goes. */
  const catchUp = async () => {
    triedAt = Date.now();
    const before = waiting.length;
    while (waiting.length > 0) {
      try {
        await waiting[0]!.onDisk();
      } catch (error) {
        // What is refused for another reason, because its session was deleted, would be refused for ever.
        if (isTrouble(error)) break;
      }
      waiting.shift();
    }
    if (waiting.length === 0) {
      memory = undefined;
      durable.setPatience?.();
      if (before > 0)
        onNotice('The session database can be written again; everything of this session is saved.');
    } else if (waiting.length < before) {
      memory = createMemoryStore();
      for (const write of waiting) await write.inMemory(memory);
    }
  };

  const write = <T>(
    onDisk: () => Promise<T>,
    inMemory: (memory: Store) => Promise<T>,
    sessionId?: string,
  ): Promise<T> =>
    inOrder(async () => {
      const canRetry = options.trouble === undefined && memory !== undefined;
      if (canRetry && Date.now() - triedAt >= RETRY_MS) await catchUp();
      if (!memory) {
        try {
          return await onDisk();
        } catch (error) {
          if (!isTrouble(error)) throw error;
          begin(error);
          triedAt = Date.now();
        }
      }
      waiting.push({ onDisk, inMemory, ...(sessionId === undefined ? {} : { sessionId }) });
      return inMemory(memory!);
    });

  const reads = mergedReads(durable, (read) => (memory ? inOrder(() => read(memory)) : read(undefined)));
  const { sessions, analytics, checkpoints, decisions } = durable;

  return {
    sessions: {
      ...sessions,
      ...reads.sessions,
      openSession: (id, cwd) =>
        write(
          () => sessions.openSession(id, cwd),
          async (spill) => {
            const stored = await shadow(id, durable, spill);
            const { existed } = await spill.sessions.openSession(id, cwd);
            return { existed: existed || stored };
          },
          id,
        ),
      appendLog(sessionId, entry) {
        // As it is now: the caller may change its object before its turn comes.
        const copy = JSON.parse(JSON.stringify(entry)) as typeof entry;
        return write(
          () => sessions.appendLog(sessionId, copy),
          async (spill) => {
            await shadow(sessionId, durable, spill);
            await spill.sessions.appendLog(sessionId, copy);
          },
          sessionId,
        );
      },
      renameSession: (id, title) =>
        write(
          () => sessions.renameSession(id, title),
          async (spill) => {
            await shadow(id, durable, spill);
            return spill.sessions.renameSession(id, title);
          },
          id,
        ),
      tagSession: (id, change) =>
        write(
          () => sessions.tagSession(id, change),
          async (spill) => {
            await shadow(id, durable, spill);
            return spill.sessions.tagSession(id, change);
          },
          id,
        ),
      forkSession: (id, copyId) =>
        write(
          () => sessions.forkSession(id, copyId),
          async (spill) => {
            if (await known(durable, copyId)) return false;
            await shadow(id, durable, spill);
            const session = await spill.sessions.getSession(id);
            if (!session) return false;
            const now = Date.now();
            const log = joined(await durable.sessions.readLog(id), await spill.sessions.readLog(id));
            const copy = { ...session, id: copyId, createdAt: now, updatedAt: now, forkedFrom: id, log };
            const made = await spill.sessions.importSession(copy);
            for (const { decisions: some } of made ? [durable, spill] : []) {
              for (const batch of await some.readDecisions(id))
                await spill.decisions.noteDecisions(copyId, batch);
            }
            return made;
          },
          copyId,
        ),
      importSession: (session) =>
        write(
          () => sessions.importSession(session),
          async (spill) =>
            !(await known(durable, session.id)) && (await spill.sessions.importSession(session)),
          session.id,
        ),
      async holdSession(id) {
        try {
          const hold = await sessions.holdSession(id);
          return hold.held ? { held: true, release: () => hold.release().catch(untroubled) } : hold;
        } catch (error) {
          untroubled(error);
          // Where nothing can be written no other process can be told; none writes there either.
          return holds.sessions.holdSession(id);
        }
      },
      async deleteSession(id) {
        return inOrder(async () => {
          // What is stored cannot be deleted in memory: then this fails and says why.
          const stored = (await known(durable, id)) !== undefined && (await sessions.deleteSession(id));
          waiting = waiting.filter((one) => one.sessionId !== id);
          const kept = (await memory?.sessions.deleteSession(id)) ?? false;
          return stored || kept;
        });
      },
    },
    analytics: {
      ...analytics,
      ...reads.analytics,
      appendEvents: (events, recipients) => {
        const copy = [...events];
        return write(
          () => analytics.appendEvents(copy, recipients),
          (spill) => spill.analytics.appendEvents(copy, recipients),
        );
      },
    },
    decisions: {
      ...decisions,
      ...reads.decisions,
      noteDecisions: (id, batch) =>
        write(
          () => decisions.noteDecisions(id, batch),
          (spill) => spill.decisions.noteDecisions(id, batch),
          id,
        ),
    },
    spool: createSpillingSpool(durable.spool, () => memory, isTrouble),
    checkpoints: {
      ...checkpoints,
      ...reads.checkpoints,
      saveCheckpoint: (checkpoint, content) => {
        const copy = content?.slice() ?? null;
        return write(
          () => checkpoints.saveCheckpoint(checkpoint, copy),
          (spill) => spill.checkpoints.saveCheckpoint(checkpoint, copy),
        );
      },
      sealCheckpoint: (id, after) =>
        write(
          () => checkpoints.sealCheckpoint(id, after),
          async (spill) => {
            await takeOver(id, durable, spill);
            await spill.checkpoints.sealCheckpoint(id, after);
          },
        ),
      discardCheckpoint: (id) =>
        write(
          () => checkpoints.discardCheckpoint(id),
          (spill) => spill.checkpoints.discardCheckpoint(id),
        ),
    },
    notices: options.trouble ? [inMemoryNotice(options.trouble), ...durable.notices] : durable.notices,
    mended: durable.mended ?? [],
    async check() {
      if (options.trouble) throw options.trouble;
      return (await durable.check?.()) ?? 'in memory';
    },
    close: () =>
      inOrder(async () => {
        if (memory && options.trouble === undefined) await catchUp();
        await durable.close();
      }),
  };
}

export function inMemoryNotice({ message, advice = '' }: StorageFailure): string {
  return `Sessions are kept in memory only and end with this process. ${message} ${advice}`.trim();
}

function isTrouble(error: unknown): error is StorageFailure {
  return error instanceof StorageFailure && troubles.includes(error.reason);
}

/** Throws what is no trouble of the disk. */
function untroubled(error: unknown): void {
  if (!isTrouble(error)) throw error;
}

/** The session as it is stored; `undefined` also where nothing can be read any more. */
function known({ sessions }: Store, id: string) {
  return sessions.getSession(id).catch(() => undefined);
}

/** A stored session that goes on in memory; answers whether it is one. */
async function shadow(id: string, durable: Store, spill: Store): Promise<boolean> {
  const stored = await known(durable, id);
  if (!stored) return false;
  const { existed } = await spill.sessions.openSession(id, stored.cwd);
  if (existed) return true;
  await spill.sessions.renameSession(id, stored.title);
  await spill.sessions.tagSession(id, { add: stored.tags });
  return true;
}

async function takeOver(id: string, durable: Store, spill: Store): Promise<void> {
  const stored = await durable.checkpoints.getCheckpoint(id).catch(() => undefined);
  if (stored) await spill.checkpoints.saveCheckpoint(stored, null);
}
