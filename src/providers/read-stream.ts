import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ProviderError } from '../core/errors.js';
import type { ProviderEvent } from '../core/provider.js';
import { ReportedError } from './reported-error.js';
import { type ServerSentEvent, ServerSentEvents } from './server-sent-events.js';
import { TimedIterator } from './timed-iterator.js';
import { WellFormedText } from './well-formed-text.js';

/** Where a message puts what it has to say. */
export type Say = (event: ProviderEvent) => void;

/** What folds the events of one dialect into ours. */
export interface StreamedMessage {
  /** Everything that must come has come. */
  readonly ended: boolean;
  /**
   * Takes the JSON of one event. Answers whether the answer came further with it, which it does not with a ping or an
   * event that nobody knows. Throws a `ReportedError` where it is one.
   */
  take(event: unknown, say: Say, name: string): boolean;
  /** `[DONE]` came, which ends the answers of some dialects. */
  done?(): void;
  finish(say: Say): void;
}

/**
 * Work at one go, in milliseconds. What has come already is handed over without a turn of the event loop between, up to
 * megabytes at a time, and a key that was pressed meanwhile would wait for all of it.
 */
const MOST_WORK_MS = 8;

export interface ReadStreamOptions {
  readonly provider: string;
  /** Milliseconds the answer may not come further before the stream counts as stalled; 600,000 when absent. */
  readonly progressTimeoutMs?: number | undefined;
  /** Milliseconds a message that has ended may take to close its stream, so that the connection can be used again. */
  readonly closingMs: number;
}

/**
 * Reads a streamed answer to its end, piece by piece as the connection brings them, each piece at one go. A stream that
 * stops before its message has ended yields no call and no end, only an error. Answers whether the stream has closed by
 * itself, so that nobody has to abort it.
 */
export async function* readStream(
  response: Pick<Response, 'body' | 'headers'>,
  message: StreamedMessage,
  options: ReadStreamOptions,
): AsyncGenerator<ProviderEvent, boolean> {
  const { provider, progressTimeoutMs = 600_000, closingMs } = options;
  const pieces = new TimedIterator(bodyOf(response)[Symbol.asyncIterator]());
  const events = new ServerSentEvents(provider);
  const said = new SaidEvents();
  let closed = false;
  let workedMs = 0;
  pieces.allow(progressTimeoutMs);
  try {
    for (;;) {
      const piece = await pieces.next();
      if (piece === undefined && !message.ended) throw stalled(provider, progressTimeoutMs);
      closed = piece?.done === true;
      if (piece === undefined || piece.done) break;
      const startedAt = performance.now();
      let cameFurther = false;
      for (const event of events.push(piece.value))
        cameFurther = take(event, message, said.say) || cameFurther;
      if (cameFurther) pieces.allow(message.ended ? closingMs : progressTimeoutMs);
      yield* said.taken();
      workedMs += performance.now() - startedAt;
      if (workedMs > MOST_WORK_MS) {
        workedMs = 0;
        await nextTurn();
      }
    }
    if (isDone(events.unfinished)) message.done?.();
  } catch (error) {
    yield* said.taken();
    // What breaks after the message has ended breaks nothing.
    if (!message.ended) throw error instanceof ReportedError ? error.cameIn(response) : error;
  } finally {
    pieces.stop();
  }
  if (!message.ended) throw cutStream(provider);
  said.end();
  message.finish(said.say);
  yield* said.taken();
  return closed;
}

function bodyOf({ body }: Pick<Response, 'body'>): AsyncIterable<Uint8Array> {
  return (body ?? Readable.from([])) as unknown as AsyncIterable<Uint8Array>;
}

function take({ name, data }: ServerSentEvent, message: StreamedMessage, say: Say): boolean {
  if (data === '') return false;
  if (isDone(data)) {
    message.done?.();
    return true;
  }
  return message.take(name === 'error' ? jsonOrText(data) : JSON.parse(data), say, name);
}

function isDone(data: string): boolean {
  return data.startsWith('[DONE]');
}

function jsonOrText(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}

/** What was said and not yet handed on. Text that came at once is one piece: each costs its way through the whole program. */
class SaidEvents {
  readonly #text = new WellFormedText();
  #events: ProviderEvent[] = [];
  #delta = '';

  readonly say: Say = (event) => {
    if (event.type === 'text-delta') {
      this.#delta += event.text;
      return;
    }
    this.#addText(this.#text.push(this.#delta));
    this.#events.push(event);
  };

  taken(): readonly ProviderEvent[] {
    this.#addText(this.#text.push(this.#delta));
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** No more text comes. */
  end(): void {
    this.#addText(this.#text.end());
  }

  #addText(text: string): void {
    if (text !== '') this.#events.push({ type: 'text-delta', text });
    this.#delta = '';
  }
}

function stalled(provider: string, timeoutMs: number): ProviderError {
  const seconds = Math.round(timeoutMs / 100) / 10;
  return new ProviderError('stalled', `${provider} sent nothing of its answer for ${seconds} s.`, {
    provider,
    advice: 'Try again; if it keeps happening, set model to another one.',
  });
}

function cutStream(provider: string): ProviderError {
  return new ProviderError('network', `The answer of ${provider} ended before it was complete.`, {
    provider,
    advice: 'Check the network connection and try again.',
  });
}
