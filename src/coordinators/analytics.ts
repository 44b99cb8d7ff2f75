import { analyticsEvent } from '../core/analytics-event.js';
import { callExtension } from '../core/call-extension.js';
import type * as contract from '../core/coordinator.js';
import type { AnalyticsExport, SessionAnalytics } from '../core/coordinator.js';
import { extensionName, messageOf } from '../core/describe-failure.js';
import type { VictorEvent } from '../core/event.js';
import type { AnalyticsEvent, AnalyticsExporter, ExportResult, ExtensionFailure } from '../core/extension.js';
import type { AnalyticsStore } from '../core/store.js';

export interface AnalyticsCoordinatorOptions {
  readonly exporters?: readonly AnalyticsExporter[];
  /** Where events are kept; while there is none, the last 10,000 are kept in memory. */
  readonly store?: AnalyticsStore;
  readonly enabled?: boolean;
  /** Milliseconds one export may take; 30,000 when absent. */
  readonly timeoutMs?: number;
}

/** One exporter and what it has not had yet. Exporters fall behind one by one, never together. */
interface Delivery {
  readonly exporter: AnalyticsExporter;
  readonly name: string;
  pending: AnalyticsEvent[];
  running: Promise<ExportResult> | undefined;
}

/** Events one exporter may fall behind before the oldest are dropped. */
const MAX_PENDING = 10_000;
/** How long after a turn the background export starts, so that it never competes with the answer. */
const EXPORT_DELAY_MS = 200;
/** How long closing may wait for exporters. */
const CLOSE_TIMEOUT_MS = 2_000;

/** Records what happens, without prompts, code or paths, and delivers it to every exporter on its own. */
export class AnalyticsCoordinator
  implements
    contract.AnalyticsCoordinator,
    contract.Configurable<AnalyticsCoordinatorOptions>,
    contract.ReportsExtensionFailures
{
  onExtensionFailure?: (failure: ExtensionFailure, sessionId?: string) => void;
  #deliveries: readonly Delivery[];
  /** Exporters that were replaced and still get what was theirs. */
  readonly #leaving = new Set<Promise<void>>();
  #store: AnalyticsStore | undefined;
  #enabled: boolean;
  #timeoutMs: number;
  #unsaved: AnalyticsEvent[] = [];
  #saving: Promise<void> = Promise.resolve();
  #exportTimer: NodeJS.Timeout | undefined;

  constructor(options: AnalyticsCoordinatorOptions = {}) {
    this.#deliveries = (options.exporters ?? []).map(deliveryTo);
    this.#store = options.store;
    this.#enabled = options.enabled ?? true;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
  }

  /** An exporter that stays keeps what it waits for, one that goes gets its events and is closed, a new one starts from now. */
  configure({ exporters, enabled, timeoutMs }: Partial<AnalyticsCoordinatorOptions>): void {
    this.#enabled = enabled ?? this.#enabled;
    this.#timeoutMs = timeoutMs ?? this.#timeoutMs;
    if (!exporters) return;
    const before = [...this.#deliveries];
    this.#deliveries = exporters.map((exporter) => {
      const index = before.findIndex((one) => one.exporter === exporter);
      return index < 0 ? deliveryTo(exporter) : before.splice(index, 1)[0]!;
    });
    for (const delivery of before) {
      const leaving = this.#release(delivery).finally(() => this.#leaving.delete(leaving));
      this.#leaving.add(leaving);
    }
  }

  /** Gives a coordinator that was made without a store the one of its orchestrator. */
  attachStore(store: AnalyticsStore): void {
    this.#store ??= store;
  }

  track(event: VictorEvent): void {
    if (!this.#enabled) return;
    const one = analyticsEvent(event);
    if (!one) return;
    this.#unsaved.push(one);
    if (this.#unsaved.length > MAX_PENDING) this.#unsaved.shift();
    for (const delivery of this.#deliveries) {
      delivery.pending.push(one);
      if (delivery.pending.length > MAX_PENDING) delivery.pending.shift();
    }
    if (event.type !== 'turn-end' && event.type !== 'turn-error') return;
    void this.#save();
    if (this.#deliveries.length === 0) return;
    this.#exportTimer ??= setTimeout(() => {
      this.#exportTimer = undefined;
      void this.exportAnalytics();
    }, EXPORT_DELAY_MS).unref();
  }

  async getSessionAnalytics(sessionId: string): Promise<SessionAnalytics> {
    await this.#save();
    const saved = (await this.#store?.readEvents(sessionId)) ?? [];
    return {
      sessionId,
      events: [...saved, ...this.#unsaved.filter((event) => event.sessionId === sessionId)],
    };
  }

  async exportAnalytics(options: { readonly sessionId?: string } = {}): Promise<AnalyticsExport> {
    await this.#save();
    const wanted = ({ sessionId }: AnalyticsEvent) =>
      options.sessionId === undefined || sessionId === options.sessionId;
    const delivered = new Set<string>();
    const results = await Promise.all(
      this.#deliveries.map(async (delivery) => {
        const { result, events } = await this.#deliver(delivery, wanted);
        for (const { id } of events) delivered.add(id);
        return { name: delivery.name, ...result };
      }),
    );
    // What an exporter still waits for was not delivered to every one.
    for (const { pending } of this.#deliveries) for (const { id } of pending) delivered.delete(id);
    const failed = results.filter(({ success }) => !success);
    return {
      success: failed.length === 0,
      exportedCount: delivered.size,
      ...(failed.length > 0
        ? { error: failed.map(({ name, error }) => `${name}: ${error}`).join('; ') }
        : {}),
      exporters: results,
    };
  }

  async close(): Promise<void> {
    clearTimeout(this.#exportTimer);
    await this.#save();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((done) => {
      timer = setTimeout(done, CLOSE_TIMEOUT_MS);
    });
    const waiting = this.#deliveries.some(({ pending }) => pending.length > 0);
    if (waiting) await Promise.race([this.exportAnalytics(), late]);
    // What is late is closed all the same: an exporter that still tries would keep its host alive.
    const closed = this.#deliveries.map(async ({ exporter }) => exporter.close?.());
    await Promise.race([Promise.allSettled([...closed, ...this.#leaving]), late]);
    clearTimeout(timer);
  }

  async #release(delivery: Delivery): Promise<void> {
    await this.#deliver(delivery, () => true);
    const { exporter, name } = delivery;
    try {
      await exporter.close?.();
    } catch (error) {
      const message = messageOf(error);
      this.onExtensionFailure?.({ kind: 'exporter', name, message, fallback: 'it was replaced already' });
    }
  }

  /** One export at a time per exporter; what it took stays pending until it said it has it. */
  async #deliver(
    delivery: Delivery,
    wanted: (event: AnalyticsEvent) => boolean,
  ): Promise<{ result: ExportResult; events: readonly AnalyticsEvent[] }> {
    while (delivery.running) await delivery.running;
    const events = delivery.pending.filter(wanted);
    if (events.length === 0) return { result: { success: true, exportedCount: 0 }, events };
    delivery.running = this.#export(delivery, Object.freeze(events));
    let result: ExportResult;
    try {
      result = await delivery.running;
    } finally {
      // Together with what follows: whoever waits finds both, or neither.
      delivery.running = undefined;
    }
    if (!result.success) return { result, events: [] };
    const done = new Set(events);
    delivery.pending = delivery.pending.filter((event) => !done.has(event));
    return { result, events };
  }

  async #export({ exporter, name }: Delivery, events: readonly AnalyticsEvent[]): Promise<ExportResult> {
    const fallback = 'its events wait for the next export';
    const report = (failure: ExtensionFailure) => this.onExtensionFailure?.(failure, events[0]?.sessionId);
    const result = await callExtension<ExportResult>(
      {
        kind: 'exporter',
        name,
        fallback,
        timeoutMs: this.#timeoutMs,
        problem: (value) =>
          typeof value?.success === 'boolean' ? undefined : 'no { success, exportedCount }',
        report,
      },
      () => exporter.export(events),
    );
    if (!result) return { success: false, exportedCount: 0, error: 'the exporter failed' };
    if (!result.success)
      report({ kind: 'exporter', name, message: result.error ?? 'no reason given', fallback });
    return result;
  }

  /** Saves in order, one batch at a time; a store that fails keeps the batch for the next try. */
  #save(): Promise<void> {
    this.#saving = this.#saving.then(async () => {
      if (!this.#store || this.#unsaved.length === 0) return;
      const batch = this.#unsaved;
      this.#unsaved = [];
      try {
        await this.#store.appendEvents(batch);
      } catch (error) {
        this.#unsaved = [...batch, ...this.#unsaved].slice(-MAX_PENDING);
        const message = messageOf(error);
        const fallback = 'analytics wait in memory';
        this.onExtensionFailure?.({ kind: 'coordinator', name: 'analytics store', message, fallback });
      }
    });
    return this.#saving;
  }
}

function deliveryTo(exporter: AnalyticsExporter): Delivery {
  return { exporter, name: extensionName(exporter), pending: [], running: undefined };
}
