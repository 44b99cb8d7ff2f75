import { readOnce } from './growing-list.js';
import type { Message } from './message.js';

/** The ids of all calls in a conversation: asked with every call that comes, however long the conversation is. */
export const callIds: (messages: readonly Message[]) => ReadonlySet<string> = readOnce(
  () => new Set<string>(),
  (ids, { toolCalls = [] }: Message) => {
    for (const { id } of toolCalls) ids.add(id);
  },
);
