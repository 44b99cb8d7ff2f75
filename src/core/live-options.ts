/** The sessions that run a turn right now; each signal is aborted once that turn has ended. */
export type RunningTurns = ReadonlyMap<string, AbortSignal>;

interface Kept<Options> {
  readonly options: Options;
  readonly ended: AbortSignal;
}

/** A coordinator's options, which may change while turns run: a running turn keeps those that it started with. */
export class LiveOptions<Options extends object> {
  #current: Options;
  readonly #kept = new Map<string, Kept<Options>>();

  constructor(options: Options) {
    this.#current = options;
  }

  /** Replaces the options that `change` names. */
  configure(change: Partial<Options>, running: RunningTurns = new Map()): void {
    for (const [sessionId, { ended }] of this.#kept) if (ended.aborted) this.#kept.delete(sessionId);
    for (const [sessionId, ended] of running) {
      if (!this.#kept.has(sessionId)) this.#kept.set(sessionId, { options: this.#current, ended });
    }
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    this.#current = { ...this.#current, ...Object.fromEntries(given) };
  }

  /** What holds for a session; without an id, for turns that start now. */
  of(sessionId?: string): Options {
    const kept = sessionId === undefined ? undefined : this.#kept.get(sessionId);
    return kept === undefined || kept.ended.aborted ? this.#current : kept.options;
  }
}
