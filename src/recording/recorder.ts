import { Readable } from 'node:stream';
import { ConfigError, ProviderError, StorageError } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';
import { HttpResponse } from '../http/response.js';
import { type Chunk, cleanChunks } from './clean-answer.js';
import {
  type Cleaning,
  cleanRequest,
  type SentRequest,
  sentRequest,
  type WholeRequest,
} from './clean-request.js';
import type { Surroundings } from './places.js';
import {
  answerHeaders,
  type Exchange,
  type RecordedFailure,
  type Recording,
  recordingFormat,
  recordingVersion,
} from './recording.js';
import { checkReplaceable, writeRecording } from './recording-file.js';
import { withoutSame } from './same-parts.js';
import { Scrubber } from './scrubber.js';
import { ServerIds } from './server-ids.js';
import type { Endpoint, Traffic } from './traffic.js';

/** What passed, as it passed: it is cleaned when it is written, because what comes later says what an id is. */
interface Passed {
  readonly sent: SentRequest;
  readonly endpoint: Endpoint;
  answer?: { readonly status: number; readonly headers: Record<string, string>; readonly chunks: Chunk[] };
  end: 'complete' | 'left' | RecordedFailure;
}

/** Writes down what passes, and the file when it is closed, or at the latest when the process ends. */
export class Recorder implements Traffic {
  readonly offline = false;
  readonly settings = {};
  readonly failure = undefined;
  readonly #file: string;
  readonly #surroundings: Surroundings;
  readonly #passed: Passed[] = [];
  readonly #atExit = () => this.close();
  #ended: Recording['ended'] = 'interrupted';
  #open = true;

  /** Throws `ConfigError` when the file is there and no recording. */
  constructor(file: string, surroundings: Surroundings) {
    checkReplaceable(file);
    this.#file = file;
    this.#surroundings = surroundings;
    process.once('exit', this.#atExit);
  }

  fetch(endpoint: Endpoint, send: typeof fetch): typeof fetch {
    return async (input, init) => {
      const passed: Passed = { sent: sentRequest(input, init), endpoint, end: 'left' };
      this.#passed.push(passed);
      try {
        const response = await send(input, init);
        const { status, statusText, headers, body, url } = response as unknown as HttpResponse;
        const kept = answerHeaders.flatMap((name) => {
          const value = headers.get(name);
          return value === null ? [] : [[name, value]];
        });
        passed.answer = { status, headers: Object.fromEntries(kept), chunks: [] };
        const read = Readable.from(readAlong(body, passed, passed.answer.chunks));
        // Whoever reads the body gets its error.
        read.on('error', () => {});
        const message = { statusCode: status, statusMessage: statusText };
        return new HttpResponse(message, headers, read, url) as unknown as Response;
      } catch (error) {
        passed.end = failureOf(error);
        throw error;
      }
    };
  }

  baseURLOf(): undefined {}

  onEvent({ type, ...event }: VictorEvent): void {
    if (type === 'turn-start') this.#ended = 'interrupted';
    if (type === 'turn-error') this.#ended = 'failed';
    if (type === 'turn-end' && (event as { reason?: unknown }).reason !== 'interrupted')
      this.#ended = 'complete';
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    process.removeListener('exit', this.#atExit);
    if (this.#passed.length === 0) return;
    try {
      writeRecording(this.#file, this.#recording());
    } catch (cause) {
      if (cause instanceof StorageError) throw cause;
      throw new StorageError(`The recording ${this.#file} was not written: ${(cause as Error).message}`, {
        advice:
          cause instanceof ConfigError
            ? 'Check that folder and the space on its disk, and record again.'
            : 'Record less at once.',
        cause,
      });
    }
  }

  remarks(): readonly string[] {
    const count = this.#passed.length;
    if (count === 0) return [`nothing was recorded: no request went out, so ${this.#file} was not written.`];
    const part = this.#ended === 'interrupted' ? ' It is partial: the turn was interrupted.' : '';
    return [`recorded ${count} ${count === 1 ? 'request' : 'requests'} in ${this.#file}.${part}`];
  }

  #recording(): Recording {
    const cleaning: Cleaning = { scrubber: new Scrubber(this.#surroundings), ids: new ServerIds() };
    let before: WholeRequest | undefined;
    const exchanges = this.#passed.map(({ sent, endpoint, answer, end }): Exchange => {
      const request = cleanRequest(sent, endpoint, cleaning);
      const recorded = withoutSame(request, before);
      before = request;
      const isStream = answer?.headers['content-type']?.includes('text/event-stream') ?? false;
      return {
        request: recorded,
        ...(answer ? { answer: { ...answer, chunks: cleanChunks(answer.chunks, isStream, cleaning) } } : {}),
        end: typeof end === 'string' ? end : { ...end, message: cleaning.scrubber.answer(end.message) },
      };
    });
    return {
      format: recordingFormat,
      version: recordingVersion,
      victor: process.env.VICTOR_VERSION ?? 'unbuilt',
      ended: this.#ended,
      exchanges,
    };
  }
}

/** The same body, written down as it is read. */
async function* readAlong(body: Readable, passed: Passed, chunks: Chunk[]): AsyncGenerator<Buffer> {
  const startedAt = performance.now();
  try {
    for await (const bytes of body as AsyncIterable<Buffer>) {
      chunks.push({ afterMs: performance.now() - startedAt, bytes });
      yield bytes;
    }
    passed.end = 'complete';
  } catch (error) {
    passed.end = failureOf(error);
    throw error;
  }
}

function failureOf(error: unknown): 'left' | RecordedFailure {
  if (!(error instanceof Error)) return { message: String(error) };
  if (error.name === 'AbortError') return 'left';
  const { message } = error;
  if (error instanceof ProviderError) return { kind: error.kind, message };
  const { code } = error as NodeJS.ErrnoException;
  return { ...(typeof code === 'string' ? { code } : {}), message };
}
