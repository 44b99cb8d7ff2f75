import type { CacheDiagnosis } from './chat/cache-diagnosis.js';
import type { Coordinators } from './core/coordinator.js';
import { createEvent } from './core/create-event.js';
import { deepFreeze } from './core/deep-freeze.js';
import { messageOf } from './core/describe-failure.js';
import { errorData } from './core/errors.js';
import type { EventBody, EventType, VictorEvent } from './core/event.js';
import type { ExtensionFailure } from './core/extension.js';
import type { LogRecord } from './core/store.js';
import type { DecisionLog } from './decisions/decision-log.js';
import { decisionOfEvent } from './decisions/decision-of-event.js';

type Subscribers = Pick<Coordinators, 'session' | 'metrics' | 'analytics'> & {
  readonly cacheDiagnosis?: Pick<CacheDiagnosis, 'record'>;
  readonly decisions?: DecisionLog;
};

/** Hands each event to the log, the counters, analytics and whoever listens: durable first, then counted, then told. */
export class EventPublisher {
  readonly #to: Subscribers;
  readonly #listeners = new Set<(event: VictorEvent) => void>();
  /** Events of a running turn that did not come out of the loop, until the turn's stream tells them. */
  readonly #aside = new Map<string, VictorEvent[]>();
  readonly #broken = new Set<string>();
  #unsavedNoticeGiven = false;

  constructor(to: Subscribers) {
    this.#to = to;
  }

  subscribe(listener: (event: VictorEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async publish(event: VictorEvent): Promise<void> {
    deepFreeze(event);
    this.#decided(event);
    const entry = logRecord(event);
    if (entry) await this.#record(entry, event.sessionId);
    this.#count(event);
    this.#tell(event);
  }

  /** An event that does not come out of the loop; a running turn of its session tells it too. */
  async emit(body: EventBody, sessionId: string): Promise<void> {
    const event = createEvent(body, { sessionId });
    await this.publish(event);
    this.#aside.get(sessionId)?.push(event);
  }

  /** For whoever watches now: neither logged nor counted, and no turn's stream keeps it until somebody reads on. */
  tell(body: EventBody, sessionId: string): void {
    this.#tell(createEvent(body, { sessionId }));
  }

  extensionFailed(failure: ExtensionFailure, sessionId: string): void {
    const event = createEvent({ type: 'extension-failure', failure }, { sessionId });
    this.#decided(event);
    // A failed exporter must not make more to export, or one broken endpoint would feed itself.
    if (failure.kind !== 'exporter' && failure.kind !== 'coordinator') this.#count(event);
    this.#tellAside(event);
  }

  /** What something beside the loop has to say, which may be in the middle of recording an event: it is not waited for. */
  noticed(text: string, sessionId: string): void {
    this.#tellAside(createEvent({ type: 'notice', level: 'warning', text }, { sessionId }));
  }

  turnStarts(sessionId: string): void {
    this.#aside.set(sessionId, []);
    this.#to.decisions?.worksOn(sessionId);
  }

  turnEnds(sessionId: string): void {
    this.#aside.delete(sessionId);
    this.#to.decisions?.turnEnds(sessionId);
  }

  /** What happened beside the loop of a running turn since the last call. */
  *takeAside(sessionId: string): Generator<VictorEvent, void> {
    const aside = this.#aside.get(sessionId);
    if (aside) yield* aside.splice(0);
  }

  /** What was decided goes with what is written next: for this event or a later one, or by analytics behind the turn. */
  #decided(event: VictorEvent): void {
    const { decisions } = this.#to;
    if (!decisions) return;
    const { type, sessionId, turnId } = event;
    if (type === 'turn-start' && turnId !== undefined) decisions.turnBegins(sessionId, turnId);
    const decision = decisionOfEvent(event);
    if (decision) decisions.note(decision, sessionId);
    if (type === 'turn-end' || type === 'turn-error') decisions.handOver(sessionId);
    // Behind the user's message: what was decided for it is found by it.
    else if (written.has(type) && !(event.type === 'message' && event.message.role === 'user'))
      decisions.handOverDue(sessionId);
  }

  /** A log that cannot be written does not end the session; it is said once and loudly. */
  async #record(entry: LogRecord, sessionId: string): Promise<void> {
    try {
      await this.#to.session.record(entry, sessionId);
    } catch (error) {
      if (this.#unsavedNoticeGiven) return;
      this.#unsavedNoticeGiven = true;
      const { message, advice } = errorData(error);
      this.noticed(`This session is not being saved: ${message} ${advice ?? 'Check the disk.'}`, sessionId);
    }
  }

  #count(event: VictorEvent): void {
    this.#to.cacheDiagnosis?.record(event);
    this.#try('metrics', event.sessionId, () => this.#to.metrics.record(event));
    this.#try('analytics', event.sessionId, () => this.#to.analytics.track(event));
  }

  /** Nobody who is told can change what the next one, or the caller of the turn, gets to see. */
  #tell(event: VictorEvent): void {
    deepFreeze(event);
    for (const listener of this.#listeners) this.#try('a subscriber', event.sessionId, () => listener(event));
  }

  /** Whoever watches a turn cannot break it, now or later; what fails is named once. */
  #try(name: string, sessionId: string, call: () => unknown): void {
    const failed = (error: unknown) => {
      if (this.#broken.has(name)) return;
      this.#broken.add(name);
      const message = messageOf(error);
      this.extensionFailed({ kind: 'coordinator', name, message, fallback: 'the turn goes on' }, sessionId);
    };
    try {
      const outcome = call();
      if (outcome instanceof Promise) outcome.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  #tellAside(event: VictorEvent): void {
    this.#tell(event);
    this.#aside.get(event.sessionId)?.push(event);
  }
}

/** What leaves something in the log, for decisions to go along with. */
const written: ReadonlySet<string> = new Set<EventType>(['message', 'note', 'compaction', 'rewind']);

/** What an event leaves in the session's log. */
export function logRecord(event: VictorEvent): LogRecord | undefined {
  switch (event.type) {
    case 'message':
      return { type: 'message', message: event.message };
    case 'note':
      return { type: 'note', messageId: event.messageId, volatile: event.volatile };
    case 'compaction':
      return { type: 'compaction', messages: event.messages, strategy: event.strategy };
    case 'rewind':
      return { type: 'rewind', id: event.rewindId, before: event.before };
    case 'workflow-start':
    case 'workflow-step':
    case 'workflow-end': {
      const { id: _, sessionId: _session, turnId: _turn, timestamp: _time, ...record } = event;
      return record;
    }
    case 'turn-error':
      if (event.removed.length === 0) return undefined;
      return { type: 'failed-turn', messageIds: event.removed, error: event.error.code };
    default:
      return undefined;
  }
}
