import type { Context } from './context.js';
import type { ContextCoordinator } from './coordinator.js';

/** Makes this the session's context, also with a coordinator that only knows how to begin anew and to append. */
export function replaceContext(coordinator: ContextCoordinator, context: Context, sessionId: string): void {
  if (coordinator.replace) {
    coordinator.replace(context, sessionId);
  } else {
    coordinator.reset(sessionId);
    coordinator.append(context.messages, sessionId);
  }
}
