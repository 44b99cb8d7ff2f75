/**
 * Asks a server with a signal of this one request, which is aborted with the outer one until the request is over. The SDK
 * never takes back its listener: on a signal that outlives the request listeners would pile up, and an abort would cancel
 * at the server what it has answered long ago.
 */
export async function withOwnSignal<T>(
  outer: AbortSignal,
  ask: (own: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort(outer.reason);
  if (outer.aborted) abort();
  else outer.addEventListener('abort', abort, { once: true });
  try {
    return await ask(controller.signal);
  } finally {
    outer.removeEventListener('abort', abort);
  }
}
