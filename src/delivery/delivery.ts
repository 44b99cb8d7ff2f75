import { callExtension } from '../core/call-extension.js';
import { extensionName, messageOf } from '../core/describe-failure.js';
import type { AnalyticsEvent, AnalyticsExporter, ExportResult, ExtensionFailure } from '../core/extension.js';
import type { Claim, Lease, Spool } from '../core/spool.js';
import { restMs } from './backoff.js';

/** Events one call of an exporter gets at most. */
const BATCH_SIZE = 500;
/** As many show whether an exporter is up, at little cost while it is down: the first ones, and those after a failure. */
const PROBE_SIZE = 20;
/** How much longer a lease lasts than one export may take. */
const LEASE_MARGIN_MS = 5_000;

export interface DeliveryOptions {
  readonly exporter: AnalyticsExporter;
  /** Names its queue in the spool, over restarts. */
  readonly id: string;
  /** Names this sender among all processes. */
  readonly holder: string;
  /** Milliseconds one call may take. */
  readonly timeoutMs: () => number;
  readonly report: (failure: ExtensionFailure, sessionId?: string) => void;
}

export interface SendOptions {
  readonly sessionId?: string;
  /** Also while the exporter is left alone after a failure. */
  readonly atOnce?: boolean;
}

/** What one round of sending came to. */
export interface Sent {
  /** Events that are done, by id: the receiver has them, or refused them for good. */
  readonly ids: readonly string[];
  readonly exported: number;
  /** What the receiver threw away, and what was put aside. */
  readonly rejected: number;
  readonly quarantined: number;
  readonly error?: string;
  /** Milliseconds since 1970 of the next try, when it failed or is left alone. */
  readonly retryAt?: number;
  /** Who sends instead. */
  readonly heldBy?: string;
}

type Failure = Required<Pick<Sent, 'error'>> & { readonly retryAfterMs?: number };
type Progress = { ids: string[]; exported: number; rejected: number; quarantined: number };
/** Writes down what became of a part of a batch. */
type Settle = (part: readonly AnalyticsEvent[], outcome: Parameters<Spool['settle']>[2]) => Promise<void>;

/** Sends one exporter what waits for it, a batch at a time, and never calls it while it has not answered yet. */
export class Delivery {
  readonly exporter: AnalyticsExporter;
  readonly id: string;
  readonly name: string;
  readonly #options: DeliveryOptions;
  /** A failure from now on is ours: the exporter is being closed. */
  #closing = false;
  #sending: Promise<unknown> = Promise.resolve();
  /** An export did not answer in time, and still does not. */
  #owesAnswer = false;
  #batchSize = BATCH_SIZE;
  #isUp = false;
  /** Whether what it is sent outlives this process. */
  #lasting = true;
  #toldQuarantine = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.exporter = options.exporter;
    this.id = options.id;
    this.name = extensionName(options.exporter);
  }

  /** Sends what waits in a spool until nothing does, or the exporter fails. Rejects when the spool does. */
  send(spool: Spool, options: SendOptions): Promise<Sent> {
    return this.#oneAtATime(() => this.#send(spool, options));
  }

  /** Sends these events whether they were sent or not; those that wait in the spool and arrive wait no more. */
  sendAgain(spool: Spool, events: readonly AnalyticsEvent[]): Promise<Sent> {
    return this.#oneAtATime(async () => {
      const progress = noProgress();
      const settle = this.#settleIn(spool, progress);
      for (let start = 0; start < events.length; start += BATCH_SIZE) {
        const failure = await this.#sendBatch(events.slice(start, start + BATCH_SIZE), settle);
        if (failure) return { ...progress, ...failure };
      }
      return progress;
    });
  }

  /** Closes the exporter, which ends what it is sending; that is no failure of its own. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.exporter.close?.();
  }

  /** Resolves when nothing is being sent any more. */
  async idle(): Promise<void> {
    await this.#sending;
  }

  #oneAtATime(send: () => Promise<Sent>): Promise<Sent> {
    const sent = this.#sending.then(send);
    this.#sending = sent.catch(() => {});
    return sent;
  }

  async #send(spool: Spool, { sessionId, atOnce = false }: SendOptions): Promise<Sent> {
    const progress = noProgress();
    const settle = this.#settleIn(spool, progress);
    this.#lasting = spool.lasting;
    for (;;) {
      const maxEvents = this.#isUp ? this.#batchSize : Math.min(PROBE_SIZE, this.#batchSize);
      const only = sessionId === undefined ? {} : { sessionId };
      const claim: Claim = await spool.claim(this.#lease(), { maxEvents, atOnce, ...only });
      if (claim.status === 'held') return { ...progress, heldBy: claim.holder };
      if (claim.status === 'resting') return { ...progress, retryAt: claim.until };
      if (claim.status === 'empty') return progress;
      const failure = await this.#sendBatch(claim.events, settle);
      this.#isUp = failure === undefined;
      if (!failure) continue;
      const { error } = failure;
      if (this.#closing) {
        await spool.release(this.#lease());
        return { ...progress, error };
      }
      const retryAt = Date.now() + Math.ceil(restMs(claim.failures + 1, failure.retryAfterMs));
      await spool.release(this.#lease(), { error, retryAt });
      return { ...progress, error, retryAt };
    }
  }

  /** Sends a batch, in smaller parts when it is too large; answers why the rest of it still waits. */
  async #sendBatch(events: readonly AnalyticsEvent[], settle: Settle): Promise<Failure | undefined> {
    const result = await this.#export(events);
    if (result.success) {
      await settle(events, { rejected: result.rejectedCount ?? 0 });
      return undefined;
    }
    const error = messageOf(result.error ?? 'no reason given').slice(0, 300);
    if (result.refusal === 'too-large' && events.length > 1) {
      const half = Math.ceil(events.length / 2);
      this.#batchSize = Math.min(this.#batchSize, half);
      return (
        (await this.#sendBatch(events.slice(0, half), settle)) ??
        (await this.#sendBatch(events.slice(half), settle))
      );
    }
    if (result.refusal !== undefined) {
      await settle(events, { quarantined: error });
      this.#tellQuarantine(events, error);
      return undefined;
    }
    const retryAfter = result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs };
    return { error, ...retryAfter };
  }

  async #export(events: readonly AnalyticsEvent[]): Promise<ExportResult> {
    if (this.#owesAnswer) return failed('it has not answered the last export yet');
    let message = 'the exporter failed';
    const sessionId = events[0]?.sessionId;
    const failure = {
      kind: 'exporter' as const,
      name: this.name,
      fallback: this.#lasting
        ? 'its events wait for the next export'
        : 'its events wait for the next export, while this process lives',
    };
    const report = (one: ExtensionFailure): void => {
      message = one.message;
      if (!this.#closing) this.#options.report(one, sessionId);
    };
    const problem = (value: ExportResult) =>
      typeof value?.success === 'boolean' ? undefined : 'no { success, exportedCount }';
    const timeoutMs = this.#options.timeoutMs();
    const result = await callExtension<ExportResult>({ ...failure, timeoutMs, problem, report }, () =>
      this.#watched(Object.freeze(events.map(frozenCopy))),
    );
    if (!result) return failed(message);
    if (!result.success && result.refusal === undefined)
      report({ ...failure, message: messageOf(result.error ?? 'no reason given') });
    return result;
  }

  /** The exporter's answer; while it owes one it is asked nothing else, or every turn would add a call that hangs. */
  #watched(events: readonly AnalyticsEvent[]): Promise<ExportResult> {
    const answer = Promise.resolve().then(() => this.exporter.export(events));
    const answered = (): void => {
      this.#owesAnswer = false;
    };
    this.#owesAnswer = true;
    answer.then(answered, answered);
    return answer;
  }

  #tellQuarantine(events: readonly AnalyticsEvent[], error: string): void {
    if (this.#toldQuarantine) return;
    this.#toldQuarantine = true;
    const message = `${error}, so ${events.length} events will never be taken`;
    const fallback = 'they were put aside, and the next ones go on; victor export shows how many';
    this.#options.report({ kind: 'exporter', name: this.name, message, fallback }, events[0]?.sessionId);
  }

  #settleIn(spool: Spool, progress: Progress): Settle {
    return async (part, outcome) => {
      const ids = part.map(({ id }) => id);
      await spool.settle(this.#lease(), ids, outcome);
      progress.ids.push(...ids);
      if ('quarantined' in outcome) {
        progress.quarantined += part.length;
      } else {
        const rejected = Math.min(outcome.rejected ?? 0, part.length);
        progress.rejected += rejected;
        progress.exported += part.length - rejected;
      }
    };
  }

  #lease(): Lease {
    const { holder, timeoutMs } = this.#options;
    return { exporter: this.id, holder, leaseMs: timeoutMs() + LEASE_MARGIN_MS };
  }
}

/** What an exporter does to its events stays its own affair. */
function frozenCopy(event: AnalyticsEvent): AnalyticsEvent {
  return Object.freeze({ ...event, data: Object.freeze({ ...event.data }) });
}

function noProgress(): Progress {
  return { ids: [], exported: 0, rejected: 0, quarantined: 0 };
}

function failed(error: string): ExportResult {
  return { success: false, exportedCount: 0, error };
}
