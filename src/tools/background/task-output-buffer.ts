import { StringDecoder } from 'node:string_decoder';
import { createSecretFilter } from '../../core/secret-filter.js';
import { formatBytes, modelText } from '../model-text.js';
import { TailBuffer } from '../tail-buffer.js';

/** Bytes of what nobody has read yet; the oldest go first. */
const MAX_BYTES = 30_000;

/** What a command in the background has put out since it was read last, in fixed memory, without keys. */
export class TaskOutputBuffer {
  readonly #secrets = createSecretFilter();
  #decoder = new StringDecoder('utf8');
  #unread = new TailBuffer(MAX_BYTES);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  push(chunk: Buffer): void {
    this.#keep(this.#secrets ? this.#secrets.push(chunk) : chunk);
  }

  /** Nothing comes any more: what was held back because it might have become a key is text. */
  end(): void {
    if (this.#secrets) this.#keep(this.#secrets.end());
  }

  /** What is new, as a model reads it. */
  take(): string {
    const left = Math.max(0, this.#length - MAX_BYTES);
    // What was left out may have cut a character.
    if (left > 0) this.#decoder = new StringDecoder('utf8');
    const text = this.#decoder.write(this.#unread.bytes());
    this.#unread = new TailBuffer(MAX_BYTES);
    this.#length = 0;
    if (left === 0) return modelText(text);
    return `[${formatBytes(left)} before this left out]\n${modelText(text.replace(/^\ufffd+/, ''))}`;
  }

  #keep(chunk: Buffer): void {
    this.#unread.push(chunk);
    this.#length += chunk.length;
  }
}
