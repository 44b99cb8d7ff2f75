import { setTimeout as sleep } from 'node:timers/promises';
import { ExtensionError } from '../core/errors.js';
import type { Embedder } from '../core/extension.js';
import { isRecord } from '../core/is-record.js';
import { shortened } from '../core/shortened.js';
import type { Refused } from '../http/internal-address.js';
import { type HttpReply, sendRequest } from '../http/send-request.js';
import { retryAfterMs } from '../providers/retry-after.js';
import { RememberedVectors } from './remembered.js';
import { normalised, READ_CHARACTERS } from './unit-vector.js';

export interface OpenAIEmbedderOptions {
  /** Up to and with the version: `https://api.openai.com/v1`. */
  readonly baseURL: string;
  readonly model: string;
  /** Environment variable with the key; without it none is sent. */
  readonly apiKeyVariable?: string | undefined;
  /** Numbers of a vector, for models that can give fewer than they have. */
  readonly dimensions?: number | undefined;
}

/** Where it may not go, for an address that a workspace chose. */
export interface OpenAIEmbedderOrigin {
  readonly environment: NodeJS.ProcessEnv;
  readonly refused?: Refused | undefined;
}

const TEXTS_PER_REQUEST = 100;
/** Some 12 MB with 1,536 numbers each. */
const REMEMBERED_TEXTS = 2_000;
const TIMEOUT_MS = 10_000;
const ATTEMPTS = 3;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/**
 * Vectors from a server that speaks the embeddings API of OpenAI (`POST /embeddings`). Each text is asked for once, up to
 * 100 in one request; what may pass is tried three times. Rejects with an `ExtensionError` that names the host.
 */
export function createOpenAIEmbedder(options: OpenAIEmbedderOptions, origin: OpenAIEmbedderOrigin): Embedder {
  const known = new RememberedVectors(REMEMBERED_TEXTS);
  let length = options.dimensions ?? 0;
  return {
    name: 'openai',
    get dimensions() {
      return length;
    },
    async embed(texts) {
      const wanted = texts.map((text) => shortened(text, READ_CHARACTERS).trim());
      const found = new Map<string, Float32Array>();
      for (const text of wanted) {
        const vector = text === '' ? undefined : known.get(text);
        if (vector) found.set(text, vector);
      }
      const missing = [...new Set(wanted)].filter((text) => text !== '' && !found.has(text));
      for (let start = 0; start < missing.length; start += TEXTS_PER_REQUEST) {
        const batch = missing.slice(start, start + TEXTS_PER_REQUEST);
        const vectors = await request(batch, options, origin);
        for (const [index, text] of batch.entries()) {
          found.set(text, vectors[index]!);
          known.set(text, vectors[index]!);
        }
        length = vectors[0]!.length;
      }
      return wanted.map((text) => found.get(text) ?? new Float32Array(length));
    },
  };
}

async function request(
  texts: readonly string[],
  { baseURL, model, apiKeyVariable, dimensions }: OpenAIEmbedderOptions,
  { environment, refused }: OpenAIEmbedderOrigin,
): Promise<Float32Array[]> {
  const { host } = new URL(baseURL);
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
  if (apiKeyVariable !== undefined) {
    const key = environment[apiKeyVariable]?.trim() ?? '';
    if (key === '') throw failure(`the environment variable ${apiKeyVariable} is not set`);
    headers.authorization = `Bearer ${key}`;
  }
  const size = dimensions === undefined ? {} : { dimensions };
  const body = JSON.stringify({ model, input: texts, encoding_format: 'float', ...size });
  const url = `${baseURL.replace(/\/+$/, '')}/embeddings`;
  for (let attempt = 1; ; attempt++) {
    const reply = await sendRequest({
      url,
      method: 'POST',
      headers,
      body,
      timeoutMs: TIMEOUT_MS,
      refused,
    }).catch((error: Error) => error);
    if (!(reply instanceof Error) && reply.ok) return vectorsIn(reply.body, texts.length, host);
    const passes = reply instanceof Error || reply.status === 429 || reply.status >= 500;
    if (!passes || attempt === ATTEMPTS)
      throw failure(reply instanceof Error ? reply.message : refusal(reply, host));
    const asked = reply instanceof Error ? undefined : retryAfterMs(reply.headers);
    await sleep(Math.min(asked ?? FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS));
  }
}

/** The vectors of an answer in the order of what was asked, each of length 1. */
function vectorsIn(body: string, count: number, host: string): Float32Array[] {
  const vectors = new Array<Float32Array | undefined>(count).fill(undefined);
  for (const [place, entry] of entriesIn(body).entries()) {
    const { index = place, embedding } = isRecord(entry) ? entry : {};
    if (!Array.isArray(embedding) || embedding.length === 0 || !embedding.every(Number.isFinite)) continue;
    if (typeof index === 'number' && index in vectors)
      vectors[index] = normalised(Float32Array.from(embedding));
  }
  const whole = vectors.filter((vector) => vector !== undefined && vector.length === vectors[0]?.length);
  if (whole.length < count) throw failure(`${host} did not answer one vector of one length for each text`);
  return whole as Float32Array[];
}

function entriesIn(body: string): readonly unknown[] {
  try {
    const answer: unknown = JSON.parse(body);
    return isRecord(answer) && Array.isArray(answer.data) ? answer.data : [];
  } catch {
    return [];
  }
}

function refusal({ status }: HttpReply, host: string): string {
  const why: Record<number, string> = {
    401: ' (the key is not accepted)',
    403: ' (the key may not do this)',
    404: ' (no such model, or the address is wrong)',
  };
  return `${host} answered ${status}${why[status] ?? ''}`;
}

function failure(what: string): ExtensionError {
  return new ExtensionError(`The embedder openai failed: ${what}. See the setting embedder.`, {
    reason: 'broken',
  });
}
