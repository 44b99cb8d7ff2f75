import { currentLine } from './log-line.js';
import type { Message } from './message.js';
import type { RequestMessage } from './provider.js';
import type { LogEntry, LogRecord } from './store.js';
import { validHistory } from './valid-history.js';

/** The context that a session's log amounts to: what a resume starts from, each message with what was sent behind it. */
export function replayLog(entries: readonly LogEntry[]): readonly RequestMessage[] {
  let messages: Message[] = [];
  const notes = new Map<string, string>();
  for (const { entry, sequence } of currentLine(entries)) {
    switch (entry.type) {
      case 'message':
        messages.push(entry.message);
        break;
      case 'note':
        notes.set(entry.messageId, entry.volatile);
        break;
      case 'reset':
        messages = [];
        break;
      case 'compaction':
        messages = [...entry.messages];
        break;
      case 'lost':
        messages.push(lostMessage(entry.entries, sequence));
        break;
      case 'failed-turn': {
        const failed = new Set(entry.messageIds);
        messages = messages.filter((message) => !failed.has(message.id));
        break;
      }
    }
  }
  const noted = messages.map((message): RequestMessage => {
    const volatile = notes.get(message.id);
    return volatile === undefined ? message : { ...message, volatile };
  });
  return validHistory(notes.size === 0 ? messages : noted);
}

/** The model, and whoever reads on, must not take what is left for the whole; the same id at every resume. */
function lostMessage(entries: number, sequence: number): Message {
  const what = entries === 1 ? 'One entry' : `${entries} entries`;
  const content = `[${what} of this conversation could not be read from the disk any more and ${entries === 1 ? 'is' : 'are'} missing here.]`;
  return { id: `lost-${sequence}`, role: 'user', content };
}

/** What of a whole log the context is made of: see `SessionStore.readContextLog`. */
export function contextLog(entries: readonly LogEntry[]): readonly LogEntry[] {
  const start = contextStart(entries);
  return entries.filter(({ entry }, position) => position >= start || entry.type === 'note');
}

/** The last messages of a log, without those that were rewound. */
export function lastMessages(entries: readonly LogEntry[], count: number): readonly Message[] {
  return currentLine(entries)
    .flatMap(({ entry }) => (entry.type === 'message' ? [entry.message] : []))
    .slice(-count);
}

/** Where in this log the entries begin that the context is made of: a rewind may need all that was before it. */
export function contextStart(entries: readonly { readonly entry: LogRecord }[]): number {
  const start = entries.findLastIndex(({ entry }) => startsContext(entry));
  const rewind = entries.findLastIndex(({ entry }) => entry.type === 'rewind');
  return rewind > start ? 0 : Math.max(0, start);
}

/** Whether the context begins anew with this entry, whatever came before it. */
export function startsContext({ type }: LogRecord): boolean {
  return type === 'reset' || type === 'compaction';
}
