import { createHash } from 'node:crypto';

/** Vectors by text, of which the least recently used go first. Texts may be long: only their hashes are kept. */
export class RememberedVectors {
  readonly #known = new Map<string, Float32Array>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#known.size;
  }

  get(text: string): Float32Array | undefined {
    const key = keyOf(text);
    const vector = this.#known.get(key);
    if (vector === undefined) return undefined;
    this.#known.delete(key);
    this.#known.set(key, vector);
    return vector;
  }

  set(text: string, vector: Float32Array): void {
    this.#known.set(keyOf(text), vector);
    if (this.#known.size <= this.#most) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
