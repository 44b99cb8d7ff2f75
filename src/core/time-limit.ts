/** A signal that aborts with another one or when time is up, whichever comes first. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** The time was up before the other signal aborted. */
  readonly passed: boolean;
  /** Ends the waiting; nothing is left behind that keeps the process alive or listens. */
  stop(): void;
}

/** One controller and one listener: `AbortSignal.any` costs a multiple of that, and every tool call has one. */
export function timeLimit(outer: AbortSignal, timeoutMs: number): TimeLimit {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let passed = false;
  const timer = setTimeout(() => {
    passed = !controller.signal.aborted;
    abort();
  }, timeoutMs);
  if (outer.aborted) abort();
  else outer.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    get passed() {
      return passed;
    },
    stop() {
      clearTimeout(timer);
      outer.removeEventListener('abort', abort);
    },
  };
}
