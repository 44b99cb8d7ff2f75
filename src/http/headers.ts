/**
 * The headers of one request or answer, by lower-case name: what the SDKs use of the platform's `Headers`. The bundle
 * gives it to them, because the first touch of the platform's class loads all of Node's own fetch: 25 ms.
 */
export class HttpHeaders implements Iterable<[string, string]> {
  readonly #values = new Map<string, string>();

  constructor(from: Iterable<readonly [string, string]> | Record<string, unknown> = {}) {
    for (const [name, value] of isIterable(from) ? from : Object.entries(from)) {
      if (value !== undefined) this.append(name, String(value));
    }
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  set(name: string, value: string): void {
    this.#values.set(name.toLowerCase(), String(value));
  }

  /** A second value joins the first by a comma, as HTTP has it. */
  append(name: string, value: string): void {
    const before = this.get(name);
    this.set(name, before === null ? value : `${before}, ${value}`);
  }

  delete(name: string): void {
    this.#values.delete(name.toLowerCase());
  }

  entries(): IterableIterator<[string, string]> {
    return this.#values.entries();
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}

function isIterable(from: object): from is Iterable<readonly [string, string]> {
  return Symbol.iterator in from;
}
