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

/**
 * The items as they come; throws `AbortedError` on an abort, also when whoever makes them takes no notice of it, and
 * `TypeError` for what is no stream.
 */
export async function* itemsUntilAborted<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void> {
  const { aborted, stop } = watch(signal, 0);
  const iterator = streamIterator(items);
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

/** The iterator of what code of a user calls a stream. A promise in its place is given up on, not left to fail unseen. */
export function streamIterator<T>(items: AsyncIterable<T> | Promise<unknown> | undefined): AsyncIterator<T> {
  if (items instanceof Promise) items.catch(() => {});
  else if (typeof items?.[Symbol.asyncIterator] === 'function') return items[Symbol.asyncIterator]();
  throw new TypeError('it answered something that is no stream');
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
