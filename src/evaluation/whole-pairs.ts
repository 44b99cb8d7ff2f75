import type { Message } from '../core/message.js';
import { validHistory } from '../core/valid-history.js';

/** The calls in what would be sent of these messages, and how many of them have their result right behind them. */
export function wholePairs(messages: readonly Message[]): { readonly calls: number; readonly whole: number } {
  let calls = 0;
  let whole = 0;
  let awaited = new Set<string>();
  for (const { role, toolCalls = [], toolCallId } of validHistory(messages)) {
    if (role !== 'tool') awaited = new Set(toolCalls.map(({ id }) => id));
    else if (toolCallId !== undefined && awaited.delete(toolCallId)) whole += 1;
    calls += toolCalls.length;
  }
  return { calls, whole };
}
