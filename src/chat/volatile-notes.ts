import { grown, growsFrom } from '../core/growing-list.js';
import type { Message } from '../core/message.js';
import type { RequestMessage } from '../core/provider.js';

/** Told to the model, because the words stand where the user's or a tool's do. */
const heading = '[Note by Victor, not by the user. It holds until the next such note.]';
const nothingHolds = 'What the note before this one said no longer holds.';

interface Note {
  readonly message: Message;
  /** The message with its note: the same object in every request, for whoever remembers something of it. */
  readonly placed: RequestMessage & { readonly volatile: string };
}

/** What the last request of a session was made of. */
interface Session {
  /** By the id of their message. */
  readonly notes: Map<string, Note>;
  /** The messages without and with their notes. */
  readonly messages: readonly Message[];
  readonly placed: readonly RequestMessage[];
  /** What the model was told last. */
  readonly newest: string;
  /** Ids of the messages whose note the log does not have yet. */
  readonly unsaved: Set<string>;
}

/**
 * Remembers for each session behind which message which volatile text was sent, for as long as the model sees that
 * message. A text is sent once, behind the message that is the last at the time, and again only when it has changed.
 * The messages of a resumed session bring theirs along.
 */
export class VolatileNotes {
  readonly #sessions = new Map<string, Session>();

  /** The messages with every text in its place, `text` behind the last when the model has not seen it yet. */
  place(sessionId: string, messages: readonly Message[], text: string): readonly RequestMessage[] {
    const before = this.#sessions.get(sessionId) ?? nothingSent();
    const goesOn = growsFrom(messages, before.messages);
    const notes = goesOn ? before.notes : new Map<string, Note>();
    let seen = goesOn ? before.placed : [];
    let newest = goesOn ? before.newest : volatileOf('');
    const fresh = messages.slice(seen.length).map((message): RequestMessage => {
      const sent = before.notes.get(message.id);
      const volatile = sent?.placed.volatile ?? (message as RequestMessage).volatile;
      const note = volatile === undefined || sent?.message === message ? sent : noteOf(message, volatile);
      if (!note) return message;
      notes.set(message.id, note);
      newest = note.placed.volatile;
      return note.placed;
    });
    const last = messages.at(-1);
    const volatile = volatileOf(text);
    if (volatile !== newest && (last?.role === 'user' || last?.role === 'tool')) {
      const note = noteOf(last, volatile);
      // A note that the last message had already gives way to this one.
      if (fresh.length === 0) seen = seen.slice(0, -1);
      fresh.splice(-1, 1, note.placed);
      notes.set(last.id, note);
      newest = volatile;
      before.unsaved.add(last.id);
    }
    const placed = grown(seen, fresh);
    this.#sessions.set(sessionId, { notes, messages, placed, newest, unsaved: before.unsaved });
    return notes.size === 0 ? messages : placed;
  }

  /** What was placed since the last call: a resume needs it. */
  unsaved(sessionId: string): readonly { readonly messageId: string; readonly volatile: string }[] {
    const session = this.#sessions.get(sessionId);
    const ids = [...(session?.unsaved ?? [])];
    session?.unsaved.clear();
    return ids.flatMap((messageId) => {
      const note = session?.notes.get(messageId);
      return note ? { messageId, volatile: note.placed.volatile } : [];
    });
  }
}

function nothingSent(): Session {
  return { notes: new Map(), messages: [], placed: [], newest: volatileOf(''), unsaved: new Set() };
}

function noteOf(message: Message, volatile: string): Note {
  return { message, placed: Object.freeze({ ...message, volatile }) };
}

function volatileOf(text: string): string {
  return `${heading}\n${text || nothingHolds}`;
}
