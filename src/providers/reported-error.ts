/**
 * An error that a server reports inside its answer, in the shape of the SDKs' errors, from which the typed one is made.
 * `error` is what the server said; the headers are those of the answer it came in.
 */
export class ReportedError extends Error {
  readonly error: unknown;
  headers: { get(name: string): string | null } | undefined;
  requestID: string | undefined;

  constructor(error: unknown) {
    super('The server reported an error.');
    this.error = error;
  }

  /** The answer it came in: it may say when to ask again, and its id is what support asks for. */
  cameIn({ headers }: Pick<Response, 'headers'>): this {
    this.headers = headers;
    this.requestID = headers.get('request-id') ?? headers.get('x-request-id') ?? undefined;
    return this;
  }
}
