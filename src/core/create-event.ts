import type { EventBody, EventEnvelope } from './event.js';
import { newId } from './id.js';

/** Puts a body into its envelope: a fresh id, the time, the session and the turn. */
export function createEvent<Body extends EventBody>(
  body: Body,
  scope: Pick<EventEnvelope, 'sessionId' | 'turnId'>,
): Body & EventEnvelope {
  return {
    id: newId(),
    sessionId: scope.sessionId,
    ...(scope.turnId === undefined ? {} : { turnId: scope.turnId }),
    timestamp: Date.now(),
    ...body,
  };
}
