import type { AnalyticsEvent } from '../core/extension.js';
import {
  type Claim,
  type ClaimOptions,
  type DroppedEvents,
  deliveryProblem,
  eventBytes,
  isAhead,
  type Lease,
  type Recipients,
  type Spool,
  type SpoolState,
} from '../core/spool.js';
import { droppedToMakeRoom } from './dropped-reason.js';
import { isGone } from './lease-holder.js';

interface Waiting {
  readonly event: AnalyticsEvent;
  readonly bytes: number;
}

type Counts = { -readonly [Key in keyof SpoolState]: SpoolState[Key] };

interface Exporter {
  readonly counts: Counts;
  readonly waiting: Map<string, Waiting>;
  lease: { readonly holder: string; readonly until: number; readonly ids: ReadonlySet<string> } | undefined;
}

/** A spool that lives and ends with this process; otherwise it behaves as the one of SQLite does. */
export class MemorySpool implements Spool {
  readonly lasting = false;
  readonly #exporters = new Map<string, Exporter>();

  /** Lets these events wait for each recipient; answers what was dropped instead, or to make room. */
  add(events: readonly AnalyticsEvent[], { exporters, maxEvents, maxBytes }: Recipients): DroppedEvents[] {
    const dropped: DroppedEvents[] = [];
    for (const { id, name } of exporters) {
      const one = this.#exporter(id, name);
      for (const event of events) {
        const problem = deliveryProblem(event);
        if (problem === undefined) enqueue(one, event);
        else {
          one.counts.dropped += 1;
          dropped.push({ exporter: id, count: 1, reason: problem });
        }
      }
      const count = makeRoom(one, maxEvents, maxBytes);
      if (count > 0)
        dropped.push({ exporter: id, count, reason: droppedToMakeRoom({ maxEvents, maxBytes }) });
    }
    return dropped;
  }

  async claim(lease: Lease, { maxEvents, sessionId, atOnce = false }: ClaimOptions): Promise<Claim> {
    const one = this.#exporters.get(lease.exporter);
    if (!one) return { status: 'empty' };
    const now = Date.now();
    const { holder, until } = one.lease ?? { holder: lease.holder, until: null };
    if (holder !== lease.holder && isAhead(until, now) && !isGone(holder)) return { status: 'held', holder };
    const { retryAt, failures } = one.counts;
    if (!atOnce && isAhead(retryAt, now)) return { status: 'resting', until: retryAt };
    const all = [...one.waiting.values()].map(({ event }) => event);
    const wanted = sessionId === undefined ? all : all.filter((event) => event.sessionId === sessionId);
    const events = wanted.slice(0, maxEvents);
    one.lease =
      events.length === 0
        ? undefined
        : { holder: lease.holder, until: now + lease.leaseMs, ids: new Set(events.map(({ id }) => id)) };
    return events.length === 0 ? { status: 'empty' } : { status: 'claimed', events, failures };
  }

  async settle(
    lease: Lease,
    eventIds: readonly string[],
    outcome: Parameters<Spool['settle']>[2],
  ): Promise<void> {
    const one = this.#exporters.get(lease.exporter);
    if (!one) return;
    let count = 0;
    for (const id of eventIds) if (remove(one, id)) count += 1;
    const { counts } = one;
    if ('quarantined' in outcome) {
      counts.quarantined += count;
      counts.quarantineReason = outcome.quarantined;
    } else {
      const rejected = Math.min(outcome.rejected ?? 0, count);
      counts.sent += count - rejected;
      counts.dropped += rejected;
    }
    Object.assign(counts, { failures: 0, retryAt: null, lastError: null });
    if (one.lease?.holder === lease.holder) one.lease = { ...one.lease, until: Date.now() + lease.leaseMs };
  }

  async release(lease: Lease, failure?: { readonly error: string; readonly retryAt: number }): Promise<void> {
    const one = this.#exporters.get(lease.exporter);
    if (!one || one.lease?.holder !== lease.holder) return;
    one.lease = undefined;
    if (!failure) return;
    one.counts.failures += 1;
    one.counts.retryAt = failure.retryAt;
    one.counts.lastError = failure.error;
  }

  async stillWaiting(
    exporters: readonly string[],
    eventIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const queues = exporters.flatMap((id) => this.#exporters.get(id)?.waiting ?? []);
    return new Set(eventIds.filter((id) => queues.some((waiting) => waiting.has(id))));
  }

  async states(): Promise<readonly SpoolState[]> {
    const now = Date.now();
    return [...this.#exporters.values()].map(({ counts }) => ({
      ...counts,
      retryAt: isAhead(counts.retryAt, now) ? counts.retryAt : null,
    }));
  }

  #exporter(id: string, name: string): Exporter {
    let one = this.#exporters.get(id);
    if (!one) {
      one = { counts: noCounts(id, name), waiting: new Map(), lease: undefined };
      this.#exporters.set(id, one);
    }
    one.counts.name = name;
    return one;
  }
}

function noCounts(id: string, name: string): Counts {
  const counts = { waiting: 0, waitingBytes: 0, sent: 0, dropped: 0, quarantined: 0, failures: 0 };
  return { id, name, ...counts, retryAt: null, lastError: null, quarantineReason: null };
}

function enqueue({ counts, waiting }: Exporter, event: AnalyticsEvent): void {
  if (waiting.has(event.id)) return;
  const bytes = eventBytes(JSON.stringify(event.data));
  waiting.set(event.id, { event, bytes });
  counts.waiting += 1;
  counts.waitingBytes += bytes;
}

function remove({ counts, waiting }: Exporter, id: string): boolean {
  const one = waiting.get(id);
  if (!one) return false;
  waiting.delete(id);
  counts.waiting -= 1;
  counts.waitingBytes -= one.bytes;
  return true;
}

/** The oldest go, but none that is on its way: that one may arrive, and is counted then. */
function makeRoom(one: Exporter, maxEvents: number, maxBytes: number): number {
  const { counts, waiting } = one;
  const sending = isAhead(one.lease?.until, Date.now()) ? one.lease?.ids : undefined;
  let dropped = 0;
  for (const id of waiting.keys()) {
    if (counts.waiting <= maxEvents && counts.waitingBytes <= maxBytes) break;
    if (!sending?.has(id) && remove(one, id)) dropped += 1;
  }
  counts.dropped += dropped;
  return dropped;
}
