import type { Coordinators } from '../core/coordinator.js';
import type { ExtensionFailure } from '../core/extension.js';
import { newId } from '../core/id.js';
import { KeyedQueue } from '../core/keyed-queue.js';
import type { SessionStore } from '../core/store.js';
import { untilAborted } from '../core/until-aborted.js';
import type { EventPublisher } from '../event-publisher.js';

export interface OpenedSessionsOptions {
  readonly coordinators: Pick<Coordinators, 'session' | 'context'>;
  readonly events: Pick<EventPublisher, 'emit' | 'extensionFailed'>;
  /** The session of whoever names none. */
  readonly sessionId: string;
  /** Told of a session before its events are. */
  readonly onOpen: (sessionId: string) => void;
  /** Extensions that did not load; every session is told of them. */
  readonly failures: () => readonly ExtensionFailure[];
}

/** Opens or resumes each session once, for whoever comes first, and lets one after the other work in it. */
export class OpenedSessions {
  readonly #with: OpenedSessionsOptions;
  readonly #opening = new Map<string, Promise<void>>();
  readonly #places = new KeyedQueue();
  #latest: string;

  constructor(options: OpenedSessionsOptions) {
    this.#with = options;
    this.#latest = options.sessionId;
  }

  /** The session that was used last: it is told of what happens to all of them. */
  get latest(): string {
    return this.#latest;
  }

  /** The session's turn, unless the caller gives up first; a place that nobody wants any more is passed on. */
  async place(sessionId: string, signal?: AbortSignal): Promise<() => void> {
    const place = this.#places.acquire(sessionId);
    if (!signal) return place;
    try {
      return await untilAborted(place, signal);
    } catch (error) {
      void place.then((release) => release());
      throw error;
    }
  }

  /** The session's turn, with the session open. */
  async enter(sessionId: string, signal?: AbortSignal): Promise<() => void> {
    const release = await this.place(sessionId, signal);
    try {
      await this.open(sessionId);
      return release;
    } catch (error) {
      release();
      throw error;
    }
  }

  open(sessionId: string): Promise<void> {
    this.#latest = sessionId;
    let opening = this.#opening.get(sessionId);
    if (!opening) {
      opening = this.#open(sessionId);
      this.#opening.set(sessionId, opening);
      // A session that could not be opened is tried again by the next who wants it.
      opening.catch(() => this.#opening.delete(sessionId));
    }
    return opening;
  }

  /** A copy of the session as it is between two turns; `undefined` where nothing is stored of it. */
  async fork(sessionId: string, store: Pick<SessionStore, 'forkSession'>): Promise<string | undefined> {
    const release = await this.place(sessionId);
    try {
      const { session } = this.#with.coordinators;
      if (session.fork) return await session.fork(sessionId);
      const copyId = newId();
      return (await store.forkSession(sessionId, copyId)) ? copyId : undefined;
    } finally {
      release();
    }
  }

  async #open(sessionId: string): Promise<void> {
    const { coordinators, events, onOpen, failures } = this.#with;
    const { resumed, messages, lost = 0 } = await coordinators.session.open(sessionId);
    if (messages.length > 0) coordinators.context.append(messages, sessionId);
    onOpen(sessionId);
    await events.emit({ type: 'session-open', resumed, messages: messages.length }, sessionId);
    if (lost > 0) {
      const text = `Entries of this session that cannot be read any more: ${lost}. A line stands where they were; what is left is resumed.`;
      await events.emit({ type: 'notice', level: 'warning', text }, sessionId);
    }
    for (const failure of failures()) events.extensionFailed(failure, sessionId);
  }
}
