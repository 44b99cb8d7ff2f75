import type { Message } from './message.js';
import type { LogEntry } from './store.js';
import { validHistory } from './valid-history.js';

/** The context that a session's log amounts to: what a resume starts from. */
export function replayLog(entries: readonly LogEntry[]): readonly Message[] {
  let messages: Message[] = [];
  for (const { entry } of entries) {
    switch (entry.type) {
      case 'message':
        messages.push(entry.message);
        break;
      case 'reset':
        messages = [];
        break;
      case 'compaction':
        messages = [...entry.messages];
        break;
      case 'failed-turn': {
        const failed = new Set(entry.messageIds);
        messages = messages.filter((message) => !failed.has(message.id));
        break;
      }
    }
  }
  return validHistory(messages);
}
