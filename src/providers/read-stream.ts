import { ProviderError } from '../core/errors.js';
import type { ProviderEvent } from '../core/provider.js';
import { TimedIterator } from './timed-iterator.js';

/** What folds the events of one dialect into ours. */
export interface StreamedMessage<Event> {
  /** Everything that must come has come. */
  readonly ended: boolean;
  take(event: Event): Iterable<ProviderEvent>;
  finish(): Iterable<ProviderEvent>;
}

export interface ReadStreamOptions {
  readonly provider: string;
  /** Milliseconds without an event before the stream counts as stalled; pings are no events. 600,000 when absent. */
  readonly progressTimeoutMs?: number | undefined;
  /** Milliseconds a message that has ended may take to close its stream, so that the connection can be used again. */
  readonly closingMs: number;
}

/**
 * Reads a stream of SDK events to its end. A stream that stops before its message has ended yields no call and no
 * end, only an error. Answers whether the stream has closed by itself, so that nobody has to abort it.
 */
export async function* readStream<Event>(
  events: AsyncIterable<Event>,
  message: StreamedMessage<Event>,
  options: ReadStreamOptions,
): AsyncGenerator<ProviderEvent, boolean> {
  const { provider, progressTimeoutMs = 600_000 } = options;
  const iterator = new TimedIterator(events[Symbol.asyncIterator]());
  let closed = false;
  try {
    for (;;) {
      const next = await iterator.next(message.ended ? options.closingMs : progressTimeoutMs);
      if (next === undefined && !message.ended) {
        const seconds = Math.round(progressTimeoutMs / 100) / 10;
        throw new ProviderError('stalled', `${provider} sent nothing of its answer for ${seconds} s.`, {
          provider,
          advice: 'Try again; if it keeps happening, set model to another one.',
        });
      }
      closed = next?.done === true;
      if (next === undefined || next.done) break;
      yield* message.take(next.value);
    }
  } catch (error) {
    // What breaks after the message has ended breaks nothing.
    if (!message.ended) throw error;
  } finally {
    iterator.stop();
  }
  if (!message.ended) throw cutStream(provider);
  yield* message.finish();
  return closed;
}

function cutStream(provider: string): ProviderError {
  return new ProviderError('network', `The answer of ${provider} ended before it was complete.`, {
    provider,
    advice: 'Check the network connection and try again.',
  });
}
