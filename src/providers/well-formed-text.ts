/**
 * Text that comes in pieces, without halves of characters: no server takes them back, and JSON escapes bring them in. A
 * pair that comes in two pieces is put together; a half that stays alone becomes U+FFFD.
 */
export class WellFormedText {
  #held = '';

  push(text: string): string {
    const all = this.#held + text;
    const last = all.charCodeAt(all.length - 1);
    const waits = last >= 0xd800 && last <= 0xdbff;
    this.#held = waits ? all.slice(-1) : '';
    return wellFormed(waits ? all.slice(0, -1) : all);
  }

  /** What is left when nothing more comes. */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return wellFormed(held);
  }
}

export function wellFormed(text: string): string {
  return text.toWellFormed();
}
