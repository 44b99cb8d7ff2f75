import type { VictorEvent } from '../core/event.js';
import { reduce, type State } from '../state.js';
import { createSanitizer } from './sanitize.js';

/**
 * Reduces events with streamed text sanitised as one stream, so that an escape sequence cut between two chunks
 * is still seen whole. Everything else is sanitised where it is drawn.
 */
export function createLiveReducer(): (state: State, event: VictorEvent) => State {
  let sanitizer = createSanitizer();
  let kind: VictorEvent['type'] | undefined;
  return (state, event) => {
    if (event.type !== 'text-delta' && event.type !== 'thinking-delta') {
      kind = undefined;
      return reduce(state, event);
    }
    if (kind !== event.type) {
      kind = event.type;
      sanitizer = createSanitizer();
    }
    const text = sanitizer.push(event.text);
    return text === '' ? state : reduce(state, { ...event, text });
  };
}
