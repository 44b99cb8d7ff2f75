import { ProviderError } from '../core/errors.js';

export interface AttemptPlanOptions {
  /** How many providers can be asked, best first. */
  readonly candidates: number;
  /** Requests that one lasting fault may take, over all candidates. */
  readonly attempts: number;
  /** Candidates that failed for good a moment ago: each gets one request. */
  readonly doubtful?: ReadonlySet<number>;
  /** Until then (`performance.now()`) nothing that may pass ends the attempts; absent or past without patience. */
  readonly patientUntil?: number | undefined;
}

/** Who is asked next, and after how many milliseconds. */
export interface NextAttempt {
  readonly candidate: number;
  readonly waitMs: number;
}

const FIRST_WAIT_MS = 500;
/** Of our own backoff, and the longest that a server may ask for before somebody else is asked, or nobody. */
const LONGEST_WAIT_MS = 60_000;
/** Faults that take a minute each, or that seldom pass within seconds, are not tried as often as others. */
const MOST_OF_KIND = 3;
const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);

/**
 * Which candidate gets each request of one answer, until an answer comes or what a lasting fault may cost is spent.
 * Every candidate has its share of the attempts, the first ones a little more. With patience it goes round.
 */
export class AttemptPlan {
  readonly #options: AttemptPlanOptions;
  readonly #random: () => number;
  /** Candidates that will not answer, however often they are asked: a key is wrong, a model is unknown. */
  readonly #given: Set<number> = new Set();
  #candidate = 0;
  #onCandidate = 0;
  #failures = 0;
  #rounds = 0;

  constructor(options: AttemptPlanOptions, random: () => number = Math.random) {
    this.#options = options;
    this.#random = random;
  }

  get candidate(): number {
    return this.#candidate;
  }

  /** Requests that failed so far. */
  get failures(): number {
    return this.#failures;
  }

  /** What comes after this failure of the present candidate; `undefined` when nothing does. */
  failed(error: unknown): NextAttempt | undefined {
    const { attempts, patientUntil = 0 } = this.#options;
    this.#failures += 1;
    this.#onCandidate += 1;
    const patientMs = Math.max(0, patientUntil - performance.now());
    if (!(error instanceof ProviderError) || (patientMs === 0 && this.#failures >= attempts))
      return undefined;
    const waitMs = this.#waitBefore(error);
    const waits = (error.retryAfterMs ?? 0) <= Math.max(LONGEST_WAIT_MS, patientMs);
    if (error.retryable && waits && this.#onCandidate < this.#share(error, patientMs > 0))
      return this.#within(waitMs, patientMs);
    if (!error.retryable) this.#given.add(this.#candidate);
    if (!mayPassToAnother(error)) return undefined;
    return this.#another(waitMs, patientMs);
  }

  #another(waitMs: number, patientMs: number): NextAttempt | undefined {
    const { candidates } = this.#options;
    const rest = Array.from(
      { length: candidates - this.#candidate - 1 },
      (_, at) => this.#candidate + 1 + at,
    );
    const next = rest.find((one) => !this.#given.has(one));
    this.#onCandidate = 0;
    if (next !== undefined) {
      this.#candidate = next;
      return { candidate: next, waitMs: 0 };
    }
    const first = Array.from({ length: candidates }, (_, at) => at).find((one) => !this.#given.has(one));
    if (patientMs === 0 || first === undefined) return undefined;
    this.#candidate = first;
    this.#rounds += 1;
    return this.#within(Math.max(waitMs, this.#backoff(this.#rounds)), patientMs);
  }

  /** With patience a wait may be as long as patience lasts; what is longer is not waited for. */
  #within(waitMs: number, patientMs: number): NextAttempt | undefined {
    if (patientMs > 0 && waitMs > patientMs) return undefined;
    return { candidate: this.#candidate, waitMs };
  }

  #share(error: ProviderError, patient: boolean): number {
    const { attempts, candidates, doubtful } = this.#options;
    if (doubtful?.has(this.#candidate) && !patient) return 1;
    if (patient && candidates === 1) return Number.POSITIVE_INFINITY;
    const share = Math.max(
      1,
      Math.floor(attempts / candidates) + (this.#candidate < attempts % candidates ? 1 : 0),
    );
    return isSlow(error) ? Math.min(share, MOST_OF_KIND) : share;
  }

  /** What the server asks for, with a little more so that not all come back at once; else exponential backoff with jitter. */
  #waitBefore({ retryAfterMs }: ProviderError): number {
    if (retryAfterMs !== undefined) return Math.round(retryAfterMs + this.#random() * FIRST_WAIT_MS);
    return this.#backoff(this.#onCandidate);
  }

  #backoff(count: number): number {
    return Math.round(
      Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - 1)) * (0.5 + this.#random() / 2),
    );
  }
}

/** What one provider cannot do another may: all but what is wrong with the request itself. */
function mayPassToAnother({ kind, status }: ProviderError): boolean {
  return kind !== 'context-length' && (kind !== 'invalid-request' || status === 404);
}

function isSlow({ kind, cause }: ProviderError): boolean {
  return kind === 'stalled' || unreachable.has((cause as { code?: string } | undefined)?.code ?? '');
}
