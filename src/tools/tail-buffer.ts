/** The last bytes of an endless stream, in fixed memory. */
export class TailBuffer {
  readonly #ring: Buffer;
  #end = 0;

  constructor(bytes: number) {
    this.#ring = Buffer.alloc(bytes);
  }

  push(chunk: Uint8Array): void {
    const ring = this.#ring;
    const part = chunk.length > ring.length ? chunk.subarray(chunk.length - ring.length) : chunk;
    // Where the chunk would end had the ring no end; the place in it is the remainder.
    const start = (this.#end + chunk.length - part.length) % ring.length;
    ring.set(part.subarray(0, ring.length - start), start);
    ring.set(part.subarray(Math.min(part.length, ring.length - start)));
    this.#end += chunk.length;
  }

  /** A copy of what is kept, in order. */
  bytes(): Buffer {
    const ring = this.#ring;
    if (this.#end <= ring.length) return Buffer.from(ring.subarray(0, this.#end));
    const start = this.#end % ring.length;
    return Buffer.concat([ring.subarray(start), ring.subarray(0, start)]);
  }
}
