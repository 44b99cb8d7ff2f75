import { analyticsEvent } from '../core/analytics-event.js';
import type * as contract from '../core/coordinator.js';
import type { AnalyticsExport, ExportOptions, SessionAnalytics } from '../core/coordinator.js';
import { messageOf } from '../core/describe-failure.js';
import type { VictorEvent } from '../core/event.js';
import type { AnalyticsExporter, ExtensionFailure } from '../core/extension.js';
import type { DroppedEvents, Recipients, Spool } from '../core/spool.js';
import type { AnalyticsStore } from '../core/store.js';
import { Delivery, type SendOptions, type Sent } from '../delivery/delivery.js';
import { exportOutcome } from '../delivery/export-outcome.js';
import { exporterIds } from '../delivery/exporter-id.js';
import { newHolder } from '../delivery/lease-holder.js';
import { MemorySpool } from '../delivery/memory-spool.js';
import { togetherSent } from '../delivery/together-sent.js';
import { UnsavedEvents } from '../delivery/unsaved-events.js';

export interface AnalyticsCoordinatorOptions {
  readonly exporters?: readonly AnalyticsExporter[];
  /** How exporters without an id of their own are found again: by their settings. */
  readonly exporterIds?: ReadonlyMap<AnalyticsExporter, string> | undefined;
  /** Where events are kept; while there is none, the last 10,000 are kept in memory. */
  readonly store?: AnalyticsStore;
  /** Where they wait for exporters; without it what waits ends with this process. */
  readonly spool?: Spool;
  readonly enabled?: boolean;
  /** Milliseconds one export may take; 30,000 when absent. */
  readonly timeoutMs?: number;
  /** What may wait for each exporter: 100,000 events and 32,000,000 bytes when absent. */
  readonly maxWaitingEvents?: number;
  readonly maxWaitingBytes?: number;
  /** Milliseconds after a turn until the background export starts, so that it never competes with the answer; 200 when absent. */
  readonly exportDelayMs?: number;
}

/** How long exporters may have to wait for turns that run. */
const LONGEST_POSTPONED_MS = 60_000;
/** How long closing may send, and then wait for what it breaks off: two seconds with what is around them. */
const LAST_EXPORT_MS = 1_600;
const CLOSING_MS = 300;

/** Records what happens, without prompts, code or paths, and sees to it that every exporter gets it. */
export class AnalyticsCoordinator
  implements
    contract.AnalyticsCoordinator,
    contract.Configurable<AnalyticsCoordinatorOptions>,
    contract.ReportsExtensionFailures
{
  onExtensionFailure?: (failure: ExtensionFailure, sessionId?: string) => void;
  readonly #holder = newHolder();
  #deliveries: readonly Delivery[] = [];
  /** Exporters that were replaced and still get what was theirs. */
  readonly #leaving = new Set<Promise<void>>();
  #recipients: Recipients = { exporters: [], maxEvents: 100_000, maxBytes: 32_000_000 };
  #store: AnalyticsStore | undefined;
  #spool: Spool | undefined;
  /** For what the store cannot take. */
  readonly #memory = new MemorySpool();
  #enabled: boolean;
  #timeoutMs: number;
  readonly #exportDelayMs: number;
  #tracked = false;
  /** What still comes of a broken off export finds a store that is closed, which is nobody's failure. */
  #closed = false;
  #runningTurns = 0;
  #exportedAt = performance.now();
  readonly #unsaved = new UnsavedEvents({
    store: () => this.#store,
    memory: this.#memory,
    onDropped: (dropped) => this.#tellDropped(dropped),
    onFailure: (error) => this.#storeFailed(error),
  });
  #exportTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  readonly #toldDropped = new Set<string>();

  constructor(options: AnalyticsCoordinatorOptions = {}) {
    this.#store = options.store;
    this.#spool = options.spool;
    this.#enabled = options.enabled ?? true;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#exportDelayMs = options.exportDelayMs ?? 200;
    this.configure({ exporters: [], ...options });
  }

  /** An exporter that stays keeps what waits for it, one that goes gets its events and is closed, a new one starts from now. */
  configure(change: Partial<AnalyticsCoordinatorOptions>): void {
    const { exporters, enabled, timeoutMs } = change;
    this.#enabled = enabled ?? this.#enabled;
    this.#timeoutMs = timeoutMs ?? this.#timeoutMs;
    if (exporters) this.#replaceExporters(exporters, change.exporterIds);
    this.#recipients = {
      exporters: this.#deliveries.map(({ id, name }) => ({ id, name })),
      maxEvents: change.maxWaitingEvents ?? this.#recipients.maxEvents,
      maxBytes: change.maxWaitingBytes ?? this.#recipients.maxBytes,
    };
  }

  /** Gives a coordinator that was made without a store the one of its orchestrator. */
  attachStore(store: AnalyticsStore, spool?: Spool): void {
    if (this.#store) return;
    this.#store = store;
    this.#spool = spool;
  }

  track(event: VictorEvent): void {
    if (!this.#enabled) return;
    const one = analyticsEvent(event);
    if (!one) return;
    this.#tracked = true;
    this.#unsaved.add(one, this.#recipients);
    if (event.type === 'turn-start') this.#runningTurns += 1;
    if (event.type !== 'turn-end' && event.type !== 'turn-error') return;
    this.#runningTurns = Math.max(0, this.#runningTurns - 1);
    // Behind the turn, because the disk may take longer than all the rest of it.
    setImmediate(() => void this.#unsaved.save());
    if (this.#deliveries.length === 0) return;
    this.#exportTimer ??= setTimeout(() => {
      this.#exportTimer = undefined;
      void this.#exportInBackground();
    }, this.#exportDelayMs).unref();
  }

  async flush(): Promise<boolean> {
    await this.#unsaved.save();
    return this.#enabled && this.#store !== undefined && this.#unsaved.isEmpty;
  }

  async getSessionAnalytics(sessionId: string): Promise<SessionAnalytics> {
    await this.#unsaved.save();
    const saved = (await this.#store?.readEvents(sessionId)) ?? [];
    return { sessionId, events: [...saved, ...this.#unsaved.ofSession(sessionId)] };
  }

  async exportAnalytics(options: ExportOptions = {}): Promise<AnalyticsExport> {
    await this.#unsaved.save();
    const { sessionId, exporter, again } = options;
    const wanted = this.#deliveries.filter(
      ({ id, name }) => exporter === undefined || exporter === id || exporter === name,
    );
    if (again && sessionId !== undefined) {
      const { events } = await this.getSessionAnalytics(sessionId);
      const sent = await this.#each(wanted, (delivery) =>
        this.#guarded(delivery.sendAgain(this.#spool ?? this.#memory, events)),
      );
      return exportOutcome(sent, new Set());
    }
    const only = sessionId === undefined ? {} : { sessionId };
    const sent = await this.#each(wanted, (delivery) => this.#send(delivery, { ...only, atOnce: true }));
    return exportOutcome(sent, await this.#stillWaiting(sent.flatMap(({ ids }) => ids)));
  }

  async close(): Promise<void> {
    clearTimeout(this.#exportTimer);
    clearTimeout(this.#retryTimer);
    await this.#unsaved.save();
    // A process that only looks, as doctor does, sends nothing.
    const deliveries = this.#tracked ? this.#deliveries : [];
    // What ends with this process is tried once more, whatever was tried before; the rest waits for the next one.
    const atOnce = this.#spool?.lasting !== true;
    await within(
      LAST_EXPORT_MS,
      this.#each(deliveries, (delivery) => this.#send(delivery, { atOnce })),
    );
    // What is late is closed all the same: an exporter that still tries would keep its host alive.
    const closing = this.#deliveries.map((delivery) => delivery.close());
    const sending = this.#deliveries.map((delivery) => delivery.idle());
    await within(CLOSING_MS, Promise.allSettled([...closing, ...sending, ...this.#leaving]));
    await this.#tellLost();
    this.#closed = true;
  }

  /** What waits in memory and was not sent, nobody will ever send. */
  async #tellLost(): Promise<void> {
    const ending = [this.#memory, ...(this.#spool?.lasting === false ? [this.#spool] : [])];
    for (const { name, waiting } of (await Promise.all(ending.map((spool) => spool.states()))).flat()) {
      if (waiting === 0) continue;
      const message = `${waiting} events were not sent`;
      this.onExtensionFailure?.({ kind: 'exporter', name, message, fallback: 'they end with this process' });
    }
  }

  #replaceExporters(
    exporters: readonly AnalyticsExporter[],
    fromSettings: ReadonlyMap<AnalyticsExporter, string> | undefined,
  ): void {
    const ids = exporterIds(exporters, fromSettings);
    const before = [...this.#deliveries];
    this.#deliveries = exporters.map((exporter, at) => {
      const id = ids[at]!;
      const index = before.findIndex((one) => one.exporter === exporter && one.id === id);
      if (index >= 0) return before.splice(index, 1)[0]!;
      const report = (failure: ExtensionFailure, sessionId?: string) =>
        this.onExtensionFailure?.(failure, sessionId);
      return new Delivery({ exporter, id, holder: this.#holder, timeoutMs: () => this.#timeoutMs, report });
    });
    for (const delivery of before) {
      const leaving = this.#release(delivery).finally(() => this.#leaving.delete(leaving));
      this.#leaving.add(leaving);
    }
  }

  async #release(delivery: Delivery): Promise<void> {
    await this.#unsaved.save();
    await this.#send(delivery, { atOnce: true });
    try {
      await delivery.close();
    } catch (error) {
      const { name } = delivery;
      const message = messageOf(error);
      this.onExtensionFailure?.({ kind: 'exporter', name, message, fallback: 'it was replaced already' });
    }
  }

  /** Sends what waits, and comes back when an exporter that failed may be tried again: nobody may be typing by then. */
  async #exportInBackground(): Promise<void> {
    // A turn has the thread to itself, and its end comes back here; where turns never stop, now and then is often enough.
    if (this.#runningTurns > 0 && performance.now() - this.#exportedAt < LONGEST_POSTPONED_MS) return;
    this.#exportedAt = performance.now();
    await this.#unsaved.save();
    const sent = await this.#each(this.#deliveries, (delivery) => this.#send(delivery, {}));
    const next = Math.min(...sent.map(({ retryAt }) => retryAt ?? Number.POSITIVE_INFINITY));
    clearTimeout(this.#retryTimer);
    if (this.#closed || next === Number.POSITIVE_INFINITY) return;
    const wait = Math.max(this.#exportDelayMs, next - Date.now());
    this.#retryTimer = setTimeout(() => void this.#exportInBackground(), wait).unref();
  }

  #each(
    deliveries: readonly Delivery[],
    send: (delivery: Delivery) => Promise<Sent>,
  ): Promise<(Sent & { readonly name: string; readonly id: string })[]> {
    return Promise.all(
      deliveries.map(async (delivery) => {
        const { name, id } = delivery;
        return { name, id, ...(await send(delivery)) };
      }),
    );
  }

  /** What waits in the store, and what waits in memory because the store could not take it. */
  async #send(delivery: Delivery, options: SendOptions): Promise<Sent> {
    const stored = this.#spool && (await this.#guarded(delivery.send(this.#spool, options)));
    const inMemory = await delivery.send(this.#memory, options);
    return stored ? togetherSent(stored, inMemory) : inMemory;
  }

  /** A spool that cannot be read or written is a failure like the exporter's own. */
  async #guarded(sending: Promise<Sent>): Promise<Sent> {
    try {
      return await sending;
    } catch (error) {
      this.#storeFailed(error);
      return { ids: [], exported: 0, rejected: 0, quarantined: 0, error: messageOf(error) };
    }
  }

  async #stillWaiting(eventIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (eventIds.length === 0) return new Set();
    const exporters = this.#deliveries.map(({ id }) => id);
    const spools = [this.#memory, ...(this.#spool ? [this.#spool] : [])];
    const found = await Promise.all(
      spools.map((spool) => spool.stillWaiting(exporters, eventIds).catch(() => new Set<string>())),
    );
    return new Set(found.flatMap((ids) => [...ids]));
  }

  #storeFailed(error: unknown): void {
    if (this.#closed) return;
    const message = messageOf(error);
    const fallback = 'analytics wait in memory';
    this.onExtensionFailure?.({ kind: 'coordinator', name: 'analytics store', message, fallback });
  }

  /** Once for each exporter; the counts are kept, and `victor export` shows them. */
  #tellDropped(dropped: readonly DroppedEvents[]): void {
    for (const { exporter, count, reason } of dropped) {
      if (this.#toldDropped.has(exporter)) continue;
      this.#toldDropped.add(exporter);
      const name = this.#deliveries.find(({ id }) => id === exporter)?.name ?? exporter;
      const message = `${count} of its events were dropped: ${reason}`;
      const fallback = 'the others wait for the next export; victor export counts what is dropped';
      this.onExtensionFailure?.({ kind: 'exporter', name, message, fallback });
    }
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((done) => {
    timer = setTimeout(done, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
