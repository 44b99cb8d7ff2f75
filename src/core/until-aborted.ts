import { AbortedError } from './errors.js';

/** The value of `work`, or a rejection with `AbortedError` once the signal has been aborted for `graceMs`. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal, graceMs = 0): Promise<T> {
  const { aborted, stop } = watch(signal, graceMs);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stop();
  }
}

/** The items as they come; throws `AbortedError` on an abort, also when whoever makes them takes no notice of it. */
export async function* itemsUntilAborted<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void> {
  const { aborted, stop } = watch(signal, 0);
  const iterator = items[Symbol.asyncIterator]();
  let done = false;
  try {
    while (true) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) {
        done = true;
        return;
      }
      yield next.value;
    }
  } finally {
    stop();
    // Not awaited: a generator that hangs would answer only after whatever it waits for.
    if (!done) void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

function watch(signal: AbortSignal, graceMs: number): { aborted: Promise<never>; stop: () => void } {
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      if (graceMs > 0) setTimeout(() => reject(new AbortedError()), graceMs);
      else reject(new AbortedError());
    };
  });
  aborted.catch(() => {}); // Nobody may be waiting any more.
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return { aborted, stop: () => signal.removeEventListener('abort', onAbort) };
}
