import type { Turn } from '../core/coordinator.js';
import { createEvent } from '../core/create-event.js';
import type { EventBody } from '../core/event.js';

/** An event of a turn. */
export function event<Body extends EventBody>({ sessionId, id }: Pick<Turn, 'sessionId' | 'id'>, body: Body) {
  return createEvent(body, { sessionId, turnId: id });
}
