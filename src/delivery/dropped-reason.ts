import type { Recipients } from '../core/spool.js';

/** Why the oldest events of an exporter were dropped, and what to do about it. */
export function droppedToMakeRoom({
  maxEvents,
  maxBytes,
}: Pick<Recipients, 'maxEvents' | 'maxBytes'>): string {
  const megabytes = maxBytes / 1_000_000;
  return `more than ${maxEvents} events or ${megabytes} MB waited (analytics.maxWaitingEvents, analytics.maxWaitingMegabytes)`;
}
