import { parentSessionId } from '../core/subagent-session.js';

interface HookedTurn {
  readonly halt: AbortController;
  readonly signal: AbortSignal;
  /** What the hook said that ended it. */
  stopped?: string;
  /** How many calls of this id are to be decided about, and how many run: those of subagents may have the same ids. */
  readonly calls: Map<string, { begun: number; decided: number }>;
}

/** The turns that run with hooks around them, and how far each of their calls is. A subagent's are its parent's. */
export class HookedTurns {
  readonly #turns = new Map<string, HookedTurn>();

  /** The signal of the turn from now on: a hook may end it, too. */
  begin(sessionId: string, signal: AbortSignal): AbortSignal {
    const halt = new AbortController();
    const either = AbortSignal.any([signal, halt.signal]);
    this.#turns.set(sessionId, { halt, signal: either, calls: new Map() });
    return either;
  }

  end(sessionId: string): void {
    this.#turns.delete(sessionId);
  }

  /** A hook wants no more of it. */
  halt(sessionId: string, reason: string): void {
    const turn = this.#of(sessionId);
    if (turn) turn.stopped ??= reason;
    turn?.halt.abort();
  }

  stopped(sessionId: string): string | undefined {
    return this.#of(sessionId)?.stopped;
  }

  callBegins(sessionId: string, callId: string): void {
    const calls = this.#of(sessionId)?.calls;
    const { begun, decided } = calls?.get(callId) ?? { begun: 0, decided: 0 };
    calls?.set(callId, { begun: begun + 1, decided });
  }

  /**
   * The signal of the turn whose call is decided now; `undefined` for a call that somebody only asks about: one that would come
   * next, or a mention.
   */
  decides(sessionId: string, callId: string): AbortSignal | undefined {
    const turn = this.#of(sessionId);
    const call = turn?.calls.get(callId);
    if (!turn || !call || call.begun === 0) return undefined;
    turn.calls.set(callId, { begun: call.begun - 1, decided: call.decided + 1 });
    return turn.signal;
  }

  /** The same for a call that has run. */
  ran(sessionId: string, callId: string): AbortSignal | undefined {
    const turn = this.#of(sessionId);
    const call = turn?.calls.get(callId);
    if (!turn || !call || call.decided === 0) return undefined;
    turn.calls.set(callId, { begun: call.begun, decided: call.decided - 1 });
    return turn.signal;
  }

  #of(sessionId: string): HookedTurn | undefined {
    return this.#turns.get(parentSessionId(sessionId));
  }
}
