import { Readable } from 'node:stream';
import { ProviderError, ReplayError } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';
import { HttpHeaders } from '../http/headers.js';
import { HttpResponse } from '../http/response.js';
import { cleanRequest, compared, sentRequest, type WholeRequest } from './clean-request.js';
import { firstDifference, type KnownEqual } from './first-difference.js';
import type { Surroundings } from './places.js';
import { recordedModels } from './recorded-models.js';
import { answerHeaders, type Exchange, type RecordedFailure, type Recording } from './recording.js';
import { readRecording } from './recording-file.js';
import { withSame } from './same-parts.js';
import { Scrubber } from './scrubber.js';
import type { Endpoint, Traffic } from './traffic.js';
import { unmatchedRequest } from './unmatched-request.js';

/** A recorded exchange that can be asked for. */
export interface Playable extends Exchange {
  readonly request: WholeRequest;
  /** Its place in the recording, from 1. */
  readonly number: number;
}

/** Plays a recording: every request gets the answer that was recorded for the same one, and nothing is sent. */
export class Player implements Traffic {
  readonly offline = true;
  readonly settings: Traffic['settings'];
  readonly #file: string;
  readonly #recording: Recording;
  readonly #exchanges: readonly Playable[];
  readonly #unplayed: Set<Playable>;
  readonly #scrubber: Scrubber;
  /** Who was asked in place of the recorded providers. */
  #stranger: string | undefined;
  #requests = 0;
  #failure: ReplayError | undefined;

  /** Throws `ConfigError` when the file is no recording. */
  constructor(file: string, surroundings: Surroundings) {
    this.#file = file;
    this.#recording = readRecording(file);
    this.#exchanges = playable(this.#recording);
    this.#unplayed = new Set(this.#exchanges);
    this.#scrubber = new Scrubber(surroundings);
    this.settings = recordedModels(this.#exchanges);
  }

  get failure(): ReplayError | undefined {
    return this.#failure;
  }

  baseURLOf(provider: string): string | undefined {
    return this.#exchanges.find(({ request }) => request.provider === provider)?.request.baseURL;
  }

  fetch(endpoint: Endpoint): typeof fetch {
    const play = async (input: unknown, init?: RequestInit) => {
      const { url, ...sent } = sentRequest(input, init);
      const request = cleanRequest({ url, ...sent }, endpoint, { scrubber: this.#scrubber });
      this.#requests += 1;
      const now = compared(request);
      const known: KnownEqual = new Map();
      const found = [...this.#unplayed].find((one) => !firstDifference(compared(one.request), now, known));
      if (!found) {
        const error = unmatchedRequest({
          request,
          number: this.#requests,
          file: this.#file,
          recording: this.#recording,
          exchanges: this.#exchanges,
          unplayed: [...this.#unplayed],
          known,
        });
        this.#failure ??= error;
        throw error;
      }
      this.#unplayed.delete(found);
      return this.#answer(found, endpoint, url, init?.signal ?? undefined);
    };
    return play as unknown as typeof fetch;
  }

  onEvent(event: VictorEvent): void {
    if (event.type === 'turn-start' && this.baseURLOf(event.provider) === undefined) {
      this.#stranger ??= event.provider;
    }
  }

  close(): void {
    const left = this.#left();
    if (left === undefined || this.#stranger === undefined) return;
    this.#failure ??= new ReplayError(`${this.#stranger} answered in place of the recording: ${left}.`, {
      advice: 'Leave --model out, so that the recorded provider and model are taken.',
    });
  }

  remarks(): readonly string[] {
    const left = this.#left();
    if (left === undefined || this.#failure) return [];
    return [`${left}. Ask the same as was recorded, or record again.`];
  }

  /** What was not played, in words. */
  #left(): string | undefined {
    const [first] = this.#unplayed;
    if (!first) return undefined;
    const { method, path } = first.request;
    return `${this.#unplayed.size} of ${this.#exchanges.length} recorded requests of ${this.#file} were not played, the first of them number ${first.number} (${method} ${path})`;
  }

  #answer({ answer, end }: Playable, endpoint: Endpoint, url: URL, signal: AbortSignal | undefined) {
    if (!answer) throw this.#failed(end, endpoint);
    const failed = end === 'complete' ? undefined : this.#failed(end, endpoint);
    const texts = answer.chunks.map(({ text }) => Buffer.from(this.#scrubber.restore(text)));
    const body = Readable.from(pieces(texts, failed));
    // Whoever reads the body gets its error.
    body.on('error', () => {});
    const abort = (): void => void body.destroy(new DOMException('The request was aborted.', 'AbortError'));
    signal?.addEventListener('abort', abort, { once: true });
    body.once('close', () => signal?.removeEventListener('abort', abort));
    if (signal?.aborted) abort();
    // Nobody is spared by waiting.
    const hurried = answer.status >= 400 ? { 'retry-after-ms': '0' } : {};
    const kept = answerHeaders.map((name) => [name, answer.headers[name]]);
    const headers = new HttpHeaders({ ...Object.fromEntries(kept), ...hurried });
    return new HttpResponse({ statusCode: answer.status, statusMessage: '' }, headers, body, url.href);
  }

  /** What broke when it was recorded breaks again in the same way. */
  #failed(end: Exchange['end'], { provider }: Endpoint): Error {
    if (typeof end === 'string') {
      return new ProviderError(
        'protocol',
        `${this.#file} holds only a part of this answer: it was interrupted.`,
        {
          provider,
          advice: 'Record the whole conversation.',
        },
      );
    }
    const { kind, code } = end as RecordedFailure;
    const message = this.#scrubber.restore(end.message);
    if (kind) return new ProviderError(kind, message, { provider, advice: 'It was recorded so.' });
    return Object.assign(new Error(message), code === undefined ? {} : { code });
  }
}

function playable({ exchanges }: Recording): Playable[] {
  let before: WholeRequest | undefined;
  return exchanges.map((exchange, index) => {
    const request = withSame(exchange.request, before);
    before = request;
    return { ...exchange, request, number: index + 1 };
  });
}

async function* pieces(texts: readonly Buffer[], failed: Error | undefined): AsyncGenerator<Buffer> {
  yield* texts;
  if (failed) throw failed;
}
