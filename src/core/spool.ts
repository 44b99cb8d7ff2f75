import type { AnalyticsEvent } from './extension.js';

/** Who gets what is appended, and how much may wait for each of them: the oldest goes when it is more. */
export interface Recipients {
  readonly exporters: readonly { readonly id: string; readonly name: string }[];
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** Events that an exporter does not get. */
export interface DroppedEvents {
  /** The exporter's id. */
  readonly exporter: string;
  readonly count: number;
  readonly reason: string;
}

/** A turn at one exporter. While somebody has it, nobody else gets an event of that exporter. */
export interface Lease {
  /** The exporter's id. */
  readonly exporter: string;
  /** Whose it is: see `newHolder`. */
  readonly holder: string;
  /** Milliseconds it lasts without a word of its holder. */
  readonly leaseMs: number;
}

export interface ClaimOptions {
  readonly maxEvents: number;
  /** Those of one session only. */
  readonly sessionId?: string;
  /** Also while the exporter is left alone after a failure. */
  readonly atOnce?: boolean;
}

export type Claim =
  /** The oldest that wait, in order; `failures` is how often the exporter failed in a row. */
  | { readonly status: 'claimed'; readonly events: readonly AnalyticsEvent[]; readonly failures: number }
  | { readonly status: 'empty' }
  /** Somebody else sends. */
  | { readonly status: 'held'; readonly holder: string }
  /** It failed; milliseconds since 1970 until which it is left alone. */
  | { readonly status: 'resting'; readonly until: number };

export interface SpoolState {
  readonly id: string;
  readonly name: string;
  readonly waiting: number;
  readonly waitingBytes: number;
  /** Counts since the exporter was first named. */
  readonly sent: number;
  readonly dropped: number;
  readonly quarantined: number;
  /** In a row. */
  readonly failures: number;
  /** Milliseconds since 1970 until which it is left alone, while that is to come. */
  readonly retryAt: number | null;
  readonly lastError: string | null;
  /** Why the last batch was put aside that the receiver would never take. */
  readonly quarantineReason: string | null;
}

/**
 * What waits for each exporter. Events come in with `AnalyticsStore.appendEvents`; they leave when the exporter has
 * them, when its receiver will never take them, or to make room. Processes share it.
 */
export interface Spool {
  /** Whether what waits outlives this process. */
  readonly lasting: boolean;
  /** Takes the turn, or goes on with it, and answers what is to be sent; without anything to send the turn ends. */
  claim(lease: Lease, options: ClaimOptions): Promise<Claim>;
  /** These events are done: sent (`rejected` of them the receiver threw away), or put aside for a reason. */
  settle(
    lease: Lease,
    eventIds: readonly string[],
    outcome: { readonly rejected?: number } | { readonly quarantined: string },
  ): Promise<void>;
  /** Ends the turn; after a failure the exporter is left alone until `retryAt`. */
  release(lease: Lease, failure?: { readonly error: string; readonly retryAt: number }): Promise<void>;
  /** Which of these events still wait for one of these exporters. */
  stillWaiting(exporters: readonly string[], eventIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Every exporter that was ever named, whichever settings name it. */
  states(): Promise<readonly SpoolState[]>;
}

/** Bytes of one event that may be sent; more is no event of ours. */
const MAX_EVENT_BYTES = 65_536;

/** Why an event cannot be sent to anybody, or `undefined` when it can. */
export function deliveryProblem({ type, data }: AnalyticsEvent): string | undefined {
  for (const [key, value] of Object.entries(data)) {
    if (typeof value === 'number' && !(Number.isFinite(value) && value >= 0))
      return `${type}.${key} is ${value}`;
    const plain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
    if (!plain) return `${type}.${key} is ${typeof value}`;
  }
  const size = eventBytes(JSON.stringify(data));
  return size > MAX_EVENT_BYTES ? `${type} has ${size} bytes, more than ${MAX_EVENT_BYTES}` : undefined;
}

/** What one event counts in a spool that is bounded by bytes: its data as JSON, and its other fields as a round number. */
export function eventBytes(data: string): number {
  return Buffer.byteLength(data) + 150;
}

/** Longer than an exporter is ever left alone or leased: what lies further ahead is from a clock that was set back. */
export const longestWaitMs = 3_600_000;

/** Whether a moment is to come, as far as a clock can be trusted that may have been set back. */
export function isAhead(moment: number | null | undefined, now: number): moment is number {
  return typeof moment === 'number' && moment > now && moment - now <= longestWaitMs;
}
