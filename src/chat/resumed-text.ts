/** Shorter repetitions may be meant. */
const SHORTEST_OVERLAP = 12;
/** A model that repeats the end of what it said repeats a sentence or two, not more. */
const LONGEST_OVERLAP = 400;

/**
 * The rest of an answer that broke off, as it streams in, without what was said already: some models begin anew, or
 * repeat their last words, although they are asked not to. Text is held back only while it may still be a repetition.
 */
export class ResumedText {
  readonly #said: string;
  readonly #tail: string;
  #held: string | undefined = '';

  constructor(said: string) {
    this.#said = said;
    this.#tail = said.slice(-LONGEST_OVERLAP);
    if (said === '') this.#held = undefined;
  }

  /** What of this is new. */
  push(text: string): string {
    if (this.#held === undefined) return text;
    this.#held += text;
    if (this.#said.startsWith(this.#held) || this.#tail.includes(this.#held)) return '';
    return this.end();
  }

  /** What was held back, when nothing more comes. */
  end(): string {
    const held = this.#held ?? '';
    this.#held = undefined;
    // A few letters that begin alike are no repetition: "1, 2, " may well go on with "1".
    const repeats = held === this.#said || held.length >= SHORTEST_OVERLAP;
    if (repeats && this.#said.startsWith(held)) return '';
    if (held.startsWith(this.#said)) return held.slice(this.#said.length);
    for (let length = Math.min(held.length, this.#tail.length); length >= SHORTEST_OVERLAP; length -= 1) {
      if (this.#tail.endsWith(held.slice(0, length))) return held.slice(length);
    }
    return held;
  }
}
