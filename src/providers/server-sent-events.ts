import { StringDecoder } from 'node:string_decoder';
import { ProviderError } from '../core/errors.js';

/** One event of a stream, as the HTML standard has it: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface ServerSentEvent {
  /** Empty when the event has no name. */
  readonly name: string;
  readonly data: string;
}

/** Of one event, in characters; beyond any real one. */
const LARGEST_EVENT = 8 * 1024 * 1024;

/**
 * Takes a body as its bytes come and answers the events that they complete, all at once: no promise for each event, and
 * no byte is looked at twice. An event whose blank line never came is none.
 */
export class ServerSentEvents {
  readonly #provider: string;
  readonly #decoder = new StringDecoder('utf8');
  /** The line that has not ended yet. */
  #line = '';
  #name = '';
  #data: string | undefined;
  #begun = false;
  /** The last byte was a carriage return: a line feed after it belongs to it. */
  #afterReturn = false;

  constructor(provider: string) {
    this.#provider = provider;
  }

  *push(bytes: Uint8Array): Generator<ServerSentEvent> {
    const text = this.#decoded(bytes);
    let start = 0;
    let carriage = text.indexOf('\r');
    for (;;) {
      const feed = text.indexOf('\n', start);
      if (carriage !== -1 && carriage < start) carriage = text.indexOf('\r', start);
      const end = feed === -1 || (carriage !== -1 && carriage < feed) ? carriage : feed;
      if (end === -1) break;
      const line = this.#line + text.slice(start, end);
      this.#line = '';
      start = end + 1;
      if (end === carriage) {
        if (start === text.length) this.#afterReturn = true;
        else if (text[start] === '\n') start += 1;
      }
      if (line !== '') this.#take(line);
      else if (this.#data === undefined) this.#name = '';
      else yield this.#completed(this.#data);
    }
    this.#line += text.slice(start);
    if (this.#line.length + (this.#data?.length ?? 0) > LARGEST_EVENT) throw this.#endless();
  }

  /** What began and was not completed, when nothing more comes. */
  get unfinished(): string {
    const line = this.#line;
    return this.#data ?? (line.startsWith('data:') ? withoutSpace(line.slice(5)) : '');
  }

  #decoded(bytes: Uint8Array): string {
    let text = this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (text === '') return text;
    if (!this.#begun && text.startsWith('\uFEFF')) text = text.slice(1);
    this.#begun = true;
    if (this.#afterReturn && text.startsWith('\n')) text = text.slice(1);
    this.#afterReturn = false;
    return text;
  }

  #take(line: string): void {
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : withoutSpace(line.slice(colon + 1));
    if (field === 'data') this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    else if (field === 'event') this.#name = value;
  }

  #completed(data: string): ServerSentEvent {
    const event = { name: this.#name, data };
    this.#name = '';
    this.#data = undefined;
    return event;
  }

  #endless(): ProviderError {
    return new ProviderError('protocol', `${this.#provider} sent an answer that does not end.`, {
      provider: this.#provider,
      advice: 'Check that baseURL is the address of a model server.',
    });
  }
}

function withoutSpace(value: string): string {
  return value.startsWith(' ') ? value.slice(1) : value;
}
