import type { ProviderErrorKind } from '../core/errors.js';

export const recordingFormat = 'victor-recording';
/** Raised when a reader of the old form would misread the new one. */
export const recordingVersion = 1;
/** The headers of an answer that are kept. */
export const answerHeaders = ['content-type', 'retry-after', 'retry-after-ms', 'x-should-retry'] as const;

/**
 * What `--record` writes and `--replay` plays, as JSON: the model traffic of a conversation on the level of HTTP, without
 * secrets and without what changes from day to day and from folder to folder.
 *
 * - Keys are `[redacted]`, wherever they stood; headers that carry them are not here at all.
 * - `<victor:cwd>`, `<victor:home>`, `<victor:tmp>` and `<victor:output>` stand for folders, and a replay puts its own in
 *   their place; `<victor:id-N>` is the N-th random id of the conversation, likewise.
 * - `<victor:environment>`, `<victor:time>` and `<victor:duration>` stand in requests for what a replay does not compare:
 *   the date, platform and git status that the prompt tells, and times in results of tools.
 * - Ids that the server made up are counted (`toolu_1`), and `created` times are 0.
 *
 * The same conversation recorded twice gives the same file, but for `afterMs`.
 */
export interface Recording {
  readonly format: typeof recordingFormat;
  readonly version: typeof recordingVersion;
  /** The Victor that recorded. */
  readonly victor: string;
  /** How the last turn ended. A conversation that was `interrupted` may lack its end. */
  readonly ended: 'complete' | 'failed' | 'interrupted';
  /** In the order in which the requests were sent. */
  readonly exchanges: readonly Exchange[];
}

export interface Exchange {
  readonly request: RecordedRequest;
  /** Absent when the request failed before anything came. */
  readonly answer?: RecordedAnswer;
  /**
   * How the answer ended: by itself, because its reader `left` (an interruption, or all that mattered had come), or by
   * what broke.
   */
  readonly end: 'complete' | 'left' | RecordedFailure;
}

export interface RecordedRequest {
  /** As the settings call the provider. */
  readonly provider: string;
  /** Without user, password and query values that are secrets; on this machine without a port. */
  readonly baseURL: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Only `content-type` and those that choose a version of the API. */
  readonly headers: Readonly<Record<string, string>>;
  /** Members of a JSON body that are not as in the request before, or the whole of another body. */
  readonly body?: unknown;
  /** Members that are: `true` for all of it, or how many leading items of a list, whose rest is in `body`. */
  readonly same?: Readonly<Record<string, true | number>>;
}

export interface RecordedAnswer {
  readonly status: number;
  /** Only `content-type` and what speaks of waiting. */
  readonly headers: Readonly<Record<string, string>>;
  /** One for each event of a stream, or one for a whole body; `afterMs` since the headers, in steps of 10. */
  readonly chunks: readonly { readonly afterMs: number; readonly text: string }[];
}

export interface RecordedFailure {
  /** A typed error of ours. */
  readonly kind?: ProviderErrorKind;
  /** A code of the system, such as `ECONNRESET`. */
  readonly code?: string;
  readonly message: string;
}
