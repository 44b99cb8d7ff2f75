import type { AnalyticsEvent } from '../core/extension.js';
import type { DroppedEvents, Recipients } from '../core/spool.js';
import type { AnalyticsStore } from '../core/store.js';
import type { MemorySpool } from './memory-spool.js';

/** An event that is not stored yet, and who is to get it. */
interface Unsaved {
  readonly event: AnalyticsEvent;
  readonly recipients: Recipients;
}

export interface UnsavedEventsOptions {
  readonly store: () => AnalyticsStore | undefined;
  /** Where recipients find what the store cannot take. */
  readonly memory: MemorySpool;
  readonly onDropped: (dropped: readonly DroppedEvents[]) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Events that are kept while they cannot be stored. */
const MAX_UNSAVED = 10_000;

/** Events on their way to the store, in order. */
export class UnsavedEvents {
  readonly #options: UnsavedEventsOptions;
  #events: Unsaved[] = [];
  #saving: Promise<void> = Promise.resolve();

  constructor(options: UnsavedEventsOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  add(event: AnalyticsEvent, recipients: Recipients): void {
    this.#events.push({ event, recipients });
    if (this.#events.length > MAX_UNSAVED) this.#events.shift();
  }

  ofSession(sessionId: string): AnalyticsEvent[] {
    return this.#events.map(({ event }) => event).filter((event) => event.sessionId === sessionId);
  }

  /** One batch at a time; a store that fails keeps the batch for the next try, and its recipients get it all the same. */
  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#save());
    return this.#saving;
  }

  async #save(): Promise<void> {
    const batch = this.#events;
    if (batch.length === 0) return;
    this.#events = [];
    const kept: Unsaved[] = [];
    for (const group of byRecipients(batch))
      if (!(await this.#stored(group))) kept.push(...this.#toMemory(group));
    this.#events = [...kept, ...this.#events].slice(-MAX_UNSAVED);
  }

  async #stored(group: readonly Unsaved[]): Promise<boolean> {
    const store = this.#options.store();
    if (!store) return false;
    try {
      const events = group.map(({ event }) => event);
      // A store that a user made may answer nothing.
      this.#options.onDropped((await store.appendEvents(events, group[0]!.recipients)) ?? []);
      return true;
    } catch (error) {
      this.#options.onFailure(error);
      return false;
    }
  }

  /** They stay to be stored, and go to their recipients from memory, so that the store is to tell nobody of them. */
  #toMemory(group: readonly Unsaved[]): Unsaved[] {
    const { recipients } = group[0]!;
    if (recipients.exporters.length > 0) {
      const events = group.map(({ event }) => event);
      this.#options.onDropped(this.#options.memory.add(events, recipients));
    }
    const nobody = { ...recipients, exporters: none };
    return group.map(({ event }) => ({ event, recipients: nobody }));
  }
}

const none: Recipients['exporters'] = [];

/** Neighbours with the same recipients are one group. */
function byRecipients(batch: readonly Unsaved[]): Unsaved[][] {
  const groups: Unsaved[][] = [];
  for (const one of batch) {
    const last = groups.at(-1);
    const same = last?.[0]?.recipients;
    const isSame = same === one.recipients || (same?.exporters === none && one.recipients.exporters === none);
    if (isSame) last?.push(one);
    else groups.push([one]);
  }
  return groups;
}
