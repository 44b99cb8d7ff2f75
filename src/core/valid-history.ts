import { readOnce } from './growing-list.js';
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
  if (isValid(messages)) return messages;
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
  return valid;
}

/** How far a history is valid, message by message. */
interface Reading {
  valid: boolean;
  /** A message of the user came. */
  begun: boolean;
  /** Ids of the calls whose results must come next, the first of them last. */
  awaited: string[];
  readonly answered: Set<string>;
}

const read = readOnce<Message, Reading>(
  () => ({ valid: true, begun: false, awaited: [], answered: new Set() }),
  (reading, message) => {
    reading.valid &&= goesOn(reading, message);
  },
);

/** Nearly every history is valid, and it is asked before every request. */
function isValid(messages: readonly Message[]): boolean {
  const { valid, awaited } = read(messages);
  return valid && awaited.length === 0;
}

function goesOn(reading: Reading, { role, content, toolCalls = [], toolCallId }: Message): boolean {
  const next = reading.awaited.pop();
  if (next !== undefined) {
    if (role !== 'tool' || toolCallId !== next || reading.answered.has(next)) return false;
    reading.answered.add(next);
    return true;
  }
  if (!reading.begun && role !== 'system' && role !== 'user') return false;
  reading.begun ||= role === 'user';
  if (role === 'tool' || (role === 'assistant' && content === '' && toolCalls.length === 0)) return false;
  reading.awaited = toolCalls.map(({ id }) => id).reverse();
  return true;
}
