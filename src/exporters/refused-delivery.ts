import type { ExportResult } from '../core/extension.js';

/** A receiver's own no, with what it means for the events that it was sent. */
export class RefusedDelivery extends Error {
  readonly result: Pick<ExportResult, 'refusal' | 'retryAfterMs'>;

  constructor(message: string, { status, retryAfter }: { status: number; retryAfter: string | null }) {
    super(message);
    const retryAfterMs = millisecondsOf(retryAfter);
    this.result = { ...refusal(status), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
}

/** What is wrong with a key, an address or the server can be mended, and the events come again; with them it cannot. */
function refusal(status: number): Pick<ExportResult, 'refusal'> {
  if (status === 413) return { refusal: 'too-large' };
  return status === 400 || status === 422 ? { refusal: 'invalid' } : {};
}

/** `Retry-After` is seconds or a date (RFC 9110, 10.2.3). */
function millisecondsOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
