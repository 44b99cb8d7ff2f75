/** The next value of an iterator, or `undefined` when it takes longer than `timeoutMs`. The iterator stays usable. */
export async function nextWithin<T>(
  iterator: AsyncIterator<T>,
  timeoutMs: number,
): Promise<IteratorResult<T> | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, undefined);
  });
  const next = iterator.next();
  // When time is up nobody awaits it any more, and a late failure must not end the process.
  next.catch(() => {});
  try {
    return await Promise.race([next, late]);
  } finally {
    clearTimeout(timer);
  }
}
