import { AbortedError } from '../core/errors.js';
import type { ProviderEvent } from '../core/provider.js';
import { type ErrorContext, providerError } from './provider-errors.js';

/**
 * The frame of a streamed answer, whichever SDK reads it: a connection that ends with the caller's signal, or with a
 * reader who stops early, and errors that are typed. `read` answers whether the stream has closed by itself.
 */
export async function* overConnection(
  context: ErrorContext & { readonly signal: AbortSignal },
  read: (connection: AbortController) => AsyncGenerator<ProviderEvent, boolean>,
): AsyncGenerator<ProviderEvent, void> {
  const { signal } = context;
  if (signal.aborted) throw new AbortedError();
  const connection = new AbortController();
  const abort = (): void => connection.abort();
  signal.addEventListener('abort', abort, { once: true });
  let closed = false;
  try {
    closed = yield* read(connection);
    if (signal.aborted) throw new AbortedError();
  } catch (error) {
    throw providerError(error, context);
  } finally {
    signal.removeEventListener('abort', abort);
    if (!closed) connection.abort();
  }
}
