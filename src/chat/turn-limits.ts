import type { Turn } from '../core/coordinator.js';
import type { ToolCall } from '../core/message.js';
import type { TurnLimit } from '../core/turn-limit.js';
import type { Usage } from '../core/usage.js';

/** Calls of one message that are run; a model that asks for more has lost count, and so would whoever is asked. */
export const MOST_CALLS_A_MESSAGE = 100;

/** What one turn has taken so far. */
export interface Spent {
  readonly providerCalls: number;
  readonly usage: Usage;
}

/** The limit that stands before the next provider call, if one does; what it may cost is asked of the turn's budget. */
export function limitReached(turn: Turn, { providerCalls, usage }: Spent): TurnLimit | undefined {
  const { maxTurns, maxTotalTokens } = turn;
  if (providerCalls >= maxTurns) return { name: 'maxTurns', value: maxTurns };
  const tokens = usage.totalTokens + (turn.subagents?.tokens ?? 0);
  if (maxTotalTokens !== undefined && tokens >= maxTotalTokens)
    return { name: 'maxTotalTokens', value: maxTotalTokens };
  return undefined;
}

export interface Admitted {
  readonly calls: readonly ToolCall[];
  /** Calls that are answered without being run, because the message holds too many. */
  readonly extra: readonly ToolCall[];
  /** The turn ends after `calls`: it may make no more. */
  readonly limit?: TurnLimit;
}

/** Which calls of one message may run, when the turn has already made `made`. */
export function admitCalls(calls: readonly ToolCall[], turn: Turn, made: number): Admitted {
  const most = calls.slice(0, MOST_CALLS_A_MESSAGE);
  const { maxToolCalls } = turn;
  const before = made + (turn.subagents?.toolCalls ?? 0);
  if (maxToolCalls !== undefined && before + most.length > maxToolCalls) {
    const limit = { name: 'maxToolCalls', value: maxToolCalls } as const;
    return { calls: most.slice(0, Math.max(0, maxToolCalls - before)), extra: [], limit };
  }
  return { calls: most, extra: calls.slice(MOST_CALLS_A_MESSAGE) };
}
