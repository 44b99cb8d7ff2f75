import { type Message, toolMessage, userMessage } from './message.js';

const outcomeUnknown =
  'Outcome unknown: Victor stopped before the result of this call was recorded. Check the state of things before running it again.';
const omitted = '[Earlier messages of this conversation were left out.]';

/**
 * Makes a history that every wire protocol accepts: each tool call has exactly one result right behind it,
 * no result stands alone, no assistant message is empty, and the first message is the user's.
 * A history that is valid already comes back as the same array.
 */
export function validHistory(messages: readonly Message[]): readonly Message[] {
  const results = new Map<string, Message>();
  for (const message of messages) {
    if (message.role === 'tool' && message.toolCallId !== undefined && !results.has(message.toolCallId)) {
      results.set(message.toolCallId, message);
    }
  }
  const valid: Message[] = [];
  for (const message of messages) {
    if (message.role === 'tool') continue; // Placed behind its call below.
    if (message.role === 'assistant' && message.content === '' && !message.toolCalls?.length) continue;
    valid.push(message);
    for (const call of message.toolCalls ?? []) {
      valid.push(results.get(call.id) ?? toolMessage(call, outcomeUnknown, true));
      results.delete(call.id);
    }
  }
  const first = valid.findIndex((message) => message.role !== 'system');
  if (first !== -1 && valid[first]?.role !== 'user') valid.splice(first, 0, userMessage(omitted));
  const same =
    valid.length === messages.length && valid.every((message, index) => message === messages[index]);
  return same ? messages : valid;
}
