import type { VictorEvent } from '../../core/event.js';
import { type CommandLine, notice } from '../command-line.js';

/** A job that says nothing for minutes is ended by many CI systems. */
const EVERY_MS = 10_000;

export interface Heartbeat {
  /** What happens is what it says it waits for. */
  note(event: VictorEvent): void;
  stop(): void;
}

/** A line on stderr every ten seconds: how long it has run, and what it waits for. */
export function startHeartbeat(cli: CommandLine): Heartbeat {
  const startedAt = performance.now();
  let waitsFor = 'the start';
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    notice(cli, `still at it after ${seconds} s, waiting for ${waitsFor}.`);
  }, EVERY_MS);
  return {
    note(event) {
      waitsFor = waitedFor(event) ?? waitsFor;
    },
    stop: () => clearInterval(timer),
  };
}

function waitedFor(event: VictorEvent): string | undefined {
  switch (event.type) {
    case 'request-start':
      return `${event.provider}/${event.model}`;
    case 'request-retry':
      return `${event.provider}, which is asked again (${event.attempt} failed so far)`;
    case 'provider-fallback':
      return event.to;
    case 'tool-call':
      return `${event.call.name} ${event.title}`;
    default:
      return undefined;
  }
}
