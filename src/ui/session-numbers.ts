import { runningTasks } from '../core/background-tasks.js';
import type { VictorEvent } from '../core/event.js';
import { currentTodo, latestTodos } from '../core/todos.js';
import { usedTokens } from './context-lines.js';
import type { Conversation } from './conversation.js';
import type { ScreenStore } from './screen-store.js';
import type { SessionPort } from './session-port.js';

export interface SessionNumbers {
  /** Looks again, unless a turn runs, which counts by itself. */
  refresh(): Promise<void>;
  close(): void;
}

/** What makes a session other than its last request counted it. */
const changes: readonly VictorEvent['type'][] = ['session-open', 'session-reset', 'rewind', 'compaction'];

/** Keeps context and cost in the status line, and the list of steps, those of the session as it is now, also where no request of this process has counted it. */
export function createSessionNumbers(
  port: SessionPort,
  store: ScreenStore,
  conversation: Conversation,
): SessionNumbers {
  async function refresh(): Promise<void> {
    const { sessionId } = conversation;
    const known = (await port.store.sessions.getSession(sessionId).catch(() => undefined)) !== undefined;
    if (!known || conversation.running) return;
    const [report, spending] = await Promise.all([
      port.contextReport(sessionId).catch(() => undefined),
      port.spending(sessionId).catch(() => undefined),
    ]);
    if (conversation.running || conversation.sessionId !== sessionId) return;
    const { state } = store.screen;
    const { session } = spending ?? {};
    const footer = {
      ...state.footer,
      ...(report ? { contextTokens: report.messageCount === 0 ? 0 : usedTokens(report) } : {}),
      tasks: runningTasks(port.backgroundTasks?.list(sessionId)),
      ...(session ? { costUsd: session.costUsd, unpriced: session.unpricedCalls > 0 } : {}),
    };
    const found = latestTodos(port.coordinators.context.getContext(sessionId).messages)?.todos ?? [];
    const todos = currentTodo(found) ? found : [];
    store.update({ state: { ...state, footer, todos } }, 'soon');
  }

  const close = port.subscribe(({ type, sessionId }) => {
    if (sessionId === conversation.sessionId && changes.includes(type)) void refresh();
  });
  return { refresh, close };
}
