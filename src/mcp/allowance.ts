/** A message of a server, in bytes. */
export const LARGEST_MESSAGE = 16 * 1024 * 1024;
/** What a server may send without answering anything. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_MESSAGES = 20_000;

const lists = new Set<unknown>(['tools/list', 'prompts/list']);

/** How much a server may go on sending: an endless stream of small messages would keep Victor busy for ever. */
export class Allowance {
  #bytes = 0;
  #messages = 0;
  readonly #asked = new Set<unknown>();

  /** Bytes of the server; `false` once they are too many. */
  take(bytes: number): boolean {
    this.#bytes += bytes;
    return this.#bytes <= MOST_BYTES;
  }

  /** A message to the server. Lists do not count: a server can have them asked for as often as it likes. */
  sent(message: object): void {
    if ('id' in message && 'method' in message && !lists.has(message.method)) this.#asked.add(message.id);
  }

  /** A message of the server; an answer to something that was asked starts the count anew. `false` once they are too many. */
  received(message: object): boolean {
    this.#messages += 1;
    if ('id' in message && !('method' in message) && this.#asked.delete(message.id)) {
      this.#bytes = 0;
      this.#messages = 0;
    }
    return this.#messages <= MOST_MESSAGES;
  }
}

/** What is said of a server that was ended for it. */
export const sentTooMuch = 'sent too much without answering anything, and was ended';
export const sentTooLong = `sent a message of more than ${LARGEST_MESSAGE / 1024 / 1024} MB, and was ended`;
