import type { Message } from '../core/message.js';
import type { RequestMessage } from '../core/provider.js';

/** Told to the model, because the words stand where the user's or a tool's do. */
const heading = '[Note by Victor, not by the user. It holds until the next such note.]';
const nothingHolds = 'What the note before this one said no longer holds.';

/**
 * Remembers for each session behind which message which volatile text was sent, for as long as the model sees that
 * message. A text is sent once, behind the message that is the last at the time, and again only when it has changed.
 */
export class VolatileNotes {
  /** Texts by the id of their message, by session. */
  readonly #sent = new Map<string, ReadonlyMap<string, string>>();

  /** The messages with every text in its place, `text` behind the last when the model has not seen it yet. */
  place(sessionId: string, messages: readonly Message[], text: string): readonly RequestMessage[] {
    const before = this.#sent.get(sessionId);
    if (text === '' && before === undefined) return messages;
    const notes = new Map<string, string>();
    let newest = '';
    for (const { id } of messages) {
      const sent = before?.get(id);
      if (sent === undefined) continue;
      notes.set(id, sent);
      newest = sent;
    }
    const last = messages.at(-1);
    if (text !== newest && (last?.role === 'user' || last?.role === 'tool')) notes.set(last.id, text);
    if (notes.size === 0) this.#sent.delete(sessionId);
    else this.#sent.set(sessionId, notes);
    return messages.map((message) => {
      const note = notes.get(message.id);
      return note === undefined ? message : { ...message, volatile: `${heading}\n${note || nothingHolds}` };
    });
  }
}
