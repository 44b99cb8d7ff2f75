import type { Message } from '../core/message.js';

/** How the results begin of calls that were neither run nor refused: these have no mark, nor have old sessions. */
const unrun = /^Not run[:.,] /;

/** The messages without the calls that never ran and their results: these say nothing of a file or a command. */
export function callsThatRan(messages: readonly Message[]): readonly Message[] {
  const asked = new Map<string, Message>();
  const left = new Map<Message, Set<string>>();
  const answers = new Set<Message>();
  for (const message of messages) {
    const { toolCalls = [], toolCallId } = message;
    // A server may number its calls anew in every turn: a result belongs to the latest call with its id.
    for (const call of toolCalls) asked.set(call.id, message);
    if (toolCallId === undefined || !neverRan(message)) continue;
    answers.add(message);
    const caller = asked.get(toolCallId);
    if (caller) left.set(caller, (left.get(caller) ?? new Set()).add(toolCallId));
  }
  if (answers.size === 0) return messages;
  return messages
    .filter((message) => !answers.has(message))
    .map((message) => {
      const ids = left.get(message);
      return ids ? { ...message, toolCalls: message.toolCalls!.filter(({ id }) => !ids.has(id)) } : message;
    });
}

function neverRan({ refused, isError, content }: Message): boolean {
  return refused === true || (isError === true && unrun.test(content));
}
