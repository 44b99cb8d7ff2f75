import type { SearchResult } from './search-result.js';
import type { SearchRoot } from './search-root.js';

/** A search in the contents of files, for whatever carries it out. */
export interface SearchRequest {
  readonly root: SearchRoot;
  readonly pattern: string;
  readonly glob: string | undefined;
  readonly ignoreCase: boolean;
  readonly literal: boolean;
  /** Lines to show around each match. */
  readonly context: number;
  /** Only the names of files with a match. */
  readonly filesOnly: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Where finds go; the search ends when it takes no more. */
  readonly result: SearchResult;
}

export interface SearchEnd {
  readonly timedOut: boolean;
  /** What went wrong, in the words of whoever searched; empty when nothing did. */
  readonly complaint: string;
  /** The search could not be done at all, because the pattern is wrong. */
  readonly failed: boolean;
}
