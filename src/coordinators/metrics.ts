import type * as contract from '../core/coordinator.js';
import type { MetricsSnapshot } from '../core/coordinator.js';
import type { VictorEvent } from '../core/event.js';
import { addUsage, contextTokens, noUsage } from '../core/usage.js';

type Counters = { -readonly [Key in keyof MetricsSnapshot]: MetricsSnapshot[Key] };

/** Counts what happened, per session and for the whole process. */
export class MetricsCoordinator implements contract.MetricsCoordinator {
  readonly #all = zero();
  readonly #sessions = new Map<string, Counters>();

  record(event: VictorEvent): void {
    let session = this.#sessions.get(event.sessionId);
    if (!session) {
      session = zero();
      this.#sessions.set(event.sessionId, session);
    }
    count(session, event);
    count(this.#all, event);
  }

  snapshot(sessionId?: string): MetricsSnapshot {
    return { ...(sessionId === undefined ? this.#all : (this.#sessions.get(sessionId) ?? zero())) };
  }
}

function count(counters: Counters, event: VictorEvent): void {
  switch (event.type) {
    case 'turn-end':
    case 'turn-error':
      counters.turns += 1;
      break;
    case 'compaction':
    case 'rewind':
    case 'session-reset':
      // What the last request counted is not what the next one will be made of.
      counters.contextTokens = 0;
      break;
    case 'request-end':
      counters.providerCalls += 1;
      counters.providerMs += event.durationMs;
      counters.usage = addUsage(counters.usage, event.usage);
      if (event.purpose === undefined) {
        counters.contextTokens = contextTokens(event.usage) + event.usage.outputTokens;
      }
      // A subagent may have another model.
      if (event.purpose !== 'subagent') counters.contextWindow = event.contextWindow;
      if (event.costUsd === null) counters.unpricedCalls += 1;
      else counters.costUsd += event.costUsd;
      break;
    case 'tool-result':
      counters.toolCalls += 1;
      counters.toolMs += event.durationMs;
      if (event.denied) counters.denials += 1;
      else if (event.result.isError) counters.toolErrors += 1;
      break;
  }
}

function zero(): Counters {
  return {
    turns: 0,
    providerCalls: 0,
    toolCalls: 0,
    toolErrors: 0,
    denials: 0,
    usage: noUsage,
    costUsd: 0,
    unpricedCalls: 0,
    providerMs: 0,
    toolMs: 0,
    contextTokens: 0,
    contextWindow: 0,
  };
}
