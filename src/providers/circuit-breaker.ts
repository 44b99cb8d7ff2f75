/** Milliseconds that a provider is left alone after a lasting fault, while another can be asked. */
const COOLING_MS = 60_000;
const LONGEST_COOLING_MS = 60 * 60_000;

/**
 * Remembers who failed for good a moment ago. While others can be asked such a provider is left alone; when its time is
 * over, or nobody else is there, it gets one request, and is trusted again when that succeeds.
 */
export class CircuitBreaker {
  readonly #openUntil = new Map<string, number>();

  /** It failed to its last attempt, or asked to be left alone for `coolingMs`. */
  open(name: string, coolingMs = COOLING_MS): void {
    this.#openUntil.set(
      name,
      performance.now() + Math.min(Math.max(coolingMs, COOLING_MS), LONGEST_COOLING_MS),
    );
  }

  close(name: string): void {
    this.#openUntil.delete(name);
  }

  /** It is to be left alone. */
  isOpen(name: string): boolean {
    return (this.#openUntil.get(name) ?? 0) > performance.now();
  }

  /** It has not answered since its last fault: one request finds out, not many. */
  isDoubtful(name: string): boolean {
    return this.#openUntil.has(name);
  }
}
