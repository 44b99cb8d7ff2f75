/** How long one kind of notice of a server stays unsaid after it was said. */
const APART_MS = 60_000;

/** Notices of one server, which may bring up the same again and again: each kind at most once a minute, and never twice alike. */
export class PacedNotices {
  readonly #tell: (text: string) => void;
  readonly #told = new Map<string, { readonly text: string; readonly at: number }>();

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  say(kind: string, text: string): void {
    const last = this.#told.get(kind);
    const now = performance.now();
    if (last && (last.text === text || now - last.at < APART_MS)) return;
    this.#told.set(kind, { text, at: now });
    this.#tell(text);
  }

  /** What is said next of this kind is news again. */
  forget(kind: string): void {
    this.#told.delete(kind);
  }
}
