import type { UsedBySubagents } from '../core/turn.js';
import type { EventPublisher } from '../event-publisher.js';
import type { SubagentHost } from '../subagents/run-subagent.js';
import type { Subagents } from '../subagents/subagents.js';

export interface AttachOptions extends Omit<SubagentHost, 'emit' | 'tell' | 'usedBy'> {
  readonly events: Pick<EventPublisher, 'emit' | 'subscribe' | 'tell'>;
}

/** Lends subagents what they need of an orchestrator, and counts what the turns themselves use of their limits. */
export function attachSubagents(subagents: Subagents | undefined, { events, ...host }: AttachOptions): void {
  if (!subagents) return;
  const used = new Map<string, UsedBySubagents>();
  events.subscribe((event) => {
    const { type, sessionId } = event;
    if (type === 'turn-start') used.set(sessionId, { tokens: 0, toolCalls: 0 });
    if (type === 'turn-end' || type === 'turn-error') used.delete(sessionId);
    const own = used.get(sessionId);
    if (own && type === 'request-end' && event.purpose === undefined) own.tokens += event.usage.totalTokens;
    if (own && type === 'tool-call' && event.turnId !== undefined) own.toolCalls += 1;
  });
  subagents.attach({
    ...host,
    usedBy: (id) => used.get(id),
    emit: (event, id) => events.emit(event, id),
    tell: (event, id) => events.tell(event, id),
  });
}
