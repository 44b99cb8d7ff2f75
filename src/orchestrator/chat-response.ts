import { AbortedError } from '../core/errors.js';
import type { TurnEndReason, VictorEvent } from '../core/event.js';
import type { TurnLimit } from '../core/turn-limit.js';
import type { Usage } from '../core/usage.js';

export interface ChatResponse {
  readonly content: string;
  /** Over all provider calls of the turn. */
  readonly usage: Usage;
  /** US dollars; `null` when a price was unknown. */
  readonly costUsd: number | null;
  readonly sessionId: string;
  readonly turnId: string;
  readonly reason: TurnEndReason;
  /** Which limit, where that is the reason. */
  readonly limit?: TurnLimit;
  readonly providerCalls: number;
  readonly durationMs: number;
  readonly denials: readonly { readonly tool: string; readonly title: string; readonly reason: string }[];
}

/** What a turn comes to, read to its end. Rejects with `AbortedError` when it was interrupted. */
export async function chatResponse(events: AsyncIterable<VictorEvent>): Promise<ChatResponse> {
  const denials: { tool: string; title: string; reason: string }[] = [];
  const titles = new Map<string, string>();
  const reasons = new Map<string, string>();
  let response: ChatResponse | undefined;
  for await (const event of events) {
    if (event.type === 'tool-call') titles.set(event.call.id, event.title);
    if (event.type === 'tool-decision') reasons.set(event.call.id, event.decision.reason);
    if (event.type === 'tool-result' && event.denied) {
      const { id, name } = event.call;
      denials.push({ tool: name, title: titles.get(id) ?? '', reason: reasons.get(id) ?? '' });
    }
    if (event.type === 'turn-end') {
      const { content, usage, costUsd, sessionId, turnId, reason, limit, providerCalls, durationMs } = event;
      const done = {
        content,
        usage,
        costUsd,
        sessionId,
        turnId: turnId ?? '',
        reason,
        ...(limit ? { limit } : {}),
        providerCalls,
        durationMs,
      };
      response = { ...done, denials };
    }
  }
  if (!response || response.reason === 'interrupted') throw new AbortedError();
  return response;
}
