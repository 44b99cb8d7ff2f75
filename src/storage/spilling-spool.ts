import type { Claim, Spool, SpoolState } from '../core/spool.js';
import type { Store } from '../core/store.js';

/**
 * What waits for exporters on the disk and in memory. An event that could not be written on the disk when it had been sent
 * is sent once more later, with the same id.
 */
export function createSpillingSpool(
  durable: Spool,
  memoryNow: () => Store | undefined,
  isTrouble: (error: unknown) => boolean,
): Spool {
  async function unless<T>(attempt: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await attempt;
    } catch (error) {
      if (!isTrouble(error)) throw error;
      return otherwise;
    }
  }

  return {
    get lasting() {
      return memoryNow() === undefined;
    },

    async claim(lease, options) {
      const newer: Claim = (await memoryNow()?.spool.claim(lease, options)) ?? { status: 'empty' };
      if (newer.status !== 'empty') return newer;
      const claim = durable.claim(lease, options);
      return memoryNow() ? unless<Claim>(claim, { status: 'empty' }) : claim;
    },

    async settle(lease, eventIds, outcome) {
      await memoryNow()?.spool.settle(lease, eventIds, outcome);
      await unless(durable.settle(lease, eventIds, outcome), undefined);
    },

    async release(lease, failure) {
      await memoryNow()?.spool.release(lease, failure);
      await unless(durable.release(lease, failure), undefined);
    },

    async stillWaiting(exporters, eventIds) {
      const newer = (await memoryNow()?.spool.stillWaiting(exporters, eventIds)) ?? [];
      return new Set([...(await durable.stillWaiting(exporters, eventIds)), ...newer]);
    },

    async states() {
      const states = new Map((await durable.states()).map((state) => [state.id, state]));
      for (const state of (await memoryNow()?.spool.states()) ?? []) {
        const below = states.get(state.id);
        states.set(state.id, below ? summed(below, state) : state);
      }
      return [...states.values()];
    },
  };
}

function summed(stored: SpoolState, newer: SpoolState): SpoolState {
  return {
    ...newer,
    waiting: stored.waiting + newer.waiting,
    waitingBytes: stored.waitingBytes + newer.waitingBytes,
    sent: stored.sent + newer.sent,
    dropped: stored.dropped + newer.dropped,
    quarantined: stored.quarantined + newer.quarantined,
    retryAt: newer.retryAt ?? stored.retryAt,
    lastError: newer.lastError ?? stored.lastError,
    quarantineReason: newer.quarantineReason ?? stored.quarantineReason,
  };
}
