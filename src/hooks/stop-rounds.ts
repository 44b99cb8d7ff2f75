import type { Turn } from '../core/coordinator.js';
import type { EventOf } from '../core/event.js';
import { addUsage } from '../core/usage.js';

/** What a turn has come to, over all that Stop hooks have sent it on for. */
export interface TurnSoFar {
  readonly ended: EventOf<'turn-end'>;
  readonly toolCalls: number;
}

export function joined(
  before: TurnSoFar | undefined,
  ended: EventOf<'turn-end'>,
  toolCalls: number,
): TurnSoFar {
  if (!before) return { ended, toolCalls };
  const { content, usage, costUsd, providerCalls } = before.ended;
  return {
    toolCalls: before.toolCalls + toolCalls,
    ended: {
      ...ended,
      // As of one turn: what was said last.
      content: ended.content || content,
      usage: addUsage(usage, ended.usage),
      costUsd: costUsd === null || ended.costUsd === null ? null : costUsd + ended.costUsd,
      providerCalls: providerCalls + ended.providerCalls,
    },
  };
}

/** The turn as it goes on: with what the hook said in place of a message, and with what is left of its limits. */
export function goingOn(
  turn: Turn,
  { ended, toolCalls }: TurnSoFar,
  reason: string,
  durationMs: number,
): Turn {
  const { images, attachments, maxTurns, maxToolCalls, maxTotalTokens, maxMinutes, ...rest } = turn;
  const left = (limit: number | undefined, used: number) =>
    limit === undefined ? undefined : Math.max(0, limit - used);
  const calls = left(maxToolCalls, toolCalls);
  const tokens = left(maxTotalTokens, ended.usage.totalTokens);
  const minutes = left(maxMinutes, durationMs / 60_000);
  return {
    ...rest,
    text: `[A Stop hook, not the user, wants you to go on before you end:]\n${reason}`,
    maxTurns: Math.max(0, maxTurns - ended.providerCalls),
    ...(calls === undefined ? {} : { maxToolCalls: calls }),
    ...(tokens === undefined ? {} : { maxTotalTokens: tokens }),
    ...(minutes === undefined ? {} : { maxMinutes: minutes }),
  };
}
