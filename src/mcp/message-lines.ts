import { LARGEST_MESSAGE } from './allowance.js';

const NEW_LINE = 10;

/** Cuts a stream into lines, each in bounded memory. */
export class MessageLines {
  #parts: Buffer[] = [];
  #length = 0;

  /** The lines that ended with this chunk; `undefined` once one has become too long. */
  push(chunk: Buffer): string[] | undefined {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, start)) {
      this.#keep(chunk.subarray(start, end));
      if (this.#length > LARGEST_MESSAGE) return undefined;
      lines.push(Buffer.concat(this.#parts).toString('utf8'));
      this.#parts = [];
      this.#length = 0;
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return this.#length > LARGEST_MESSAGE ? undefined : lines;
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#length += part.length;
  }
}
