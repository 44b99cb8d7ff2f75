import type { Context } from './context.js';
import type { Role } from './message.js';

/** How much a context is; `tokens` are estimated. */
export interface CompactionSize {
  readonly messages: number;
  readonly tokens: number;
}

/** What the context coordinator did to make a session fit. */
export interface Compaction {
  readonly strategy: string;
  readonly changed: boolean;
  readonly before: CompactionSize;
  readonly after: CompactionSize;
  readonly context: Context;
}

/** What a compaction would do. Nothing is changed and no model is asked to find out. */
export interface CompactionPreview {
  /** The strategy in force. */
  readonly strategy: string;
  readonly before: CompactionSize;
  /** What each strategy would leave, the one in force first; `problem` where it cannot be tried. */
  readonly trials: readonly CompactionTrial[];
  /** Messages that the one in force would leave out, in order. */
  readonly gone: readonly MessageLine[];
  /** Messages that it would keep shortened. */
  readonly shortened: readonly MessageLine[];
}

export interface CompactionTrial {
  readonly strategy: string;
  readonly after?: CompactionSize;
  readonly problem?: string;
}

/** A message by its first line. */
export interface MessageLine {
  readonly role: Role;
  readonly text: string;
}

/** What taking back the last compaction came to; `reason` says in words why it was not done. */
export type Uncompaction =
  | { readonly changed: true; readonly before: CompactionSize; readonly after: CompactionSize }
  | { readonly changed: false; readonly reason: string };

/** Stands in the log in place of a strategy's name where a compaction was taken back. */
export const UNCOMPACT = 'uncompact';

/** What a document of a session says where its context was compacted. */
export function compactionSentence(strategy: string): string {
  return strategy === UNCOMPACT
    ? 'The last compaction was taken back here.'
    : `The context was compacted here (${strategy}).`;
}
