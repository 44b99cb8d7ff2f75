/** Why a provider could not use again what it had cached of a session. */
export type CacheBreakCause =
  /** Another provider or model answers. */
  | 'model'
  /** The session offers more tools than before. */
  | 'tool-epoch'
  /** A tool describes itself differently, is gone, or stands elsewhere. */
  | 'tool-change'
  /** A setting was changed. */
  | 'setting'
  /** A contributor said something else in the stable part of the prompt. */
  | 'contributor'
  /** The same, when the mode changed. */
  | 'mode'
  /** A contributor failed, or answers again. */
  | 'contributor-failure'
  /** The prompt coordinator said something else, and does not tell which part. */
  | 'prompt'
  | 'compaction'
  | 'reset'
  /** The conversation went back to an earlier message. */
  | 'rewind'
  /** A turn that failed took its messages with it. */
  | 'failed-turn'
  /** A message that was sent is another one now, or gone, and nobody said why. */
  | 'message'
  /** Nothing changed, and the provider had no reason to keep it any longer. */
  | 'idle'
  /** Nothing changed; the provider has dropped it, or another of its machines answered. */
  | 'provider';

/** A request that did not begin as the one before it, or whose beginning was no longer in the provider's cache. No content: names and counts. */
export interface CacheBreak {
  readonly cause: CacheBreakCause;
  /** Who did it: a contributor, tool, strategy or coordinator by name, a setting by key, a command as it is typed, an idle time in words. */
  readonly by: {
    readonly kind:
      | 'contributor'
      | 'tool'
      | 'strategy'
      | 'coordinator'
      | 'setting'
      | 'command'
      | 'provider'
      | 'time';
    readonly name: string;
  };
  /** The first segment that was not as before: `tool Read`, `system section language`, `message 3 (user)`; empty when all were. */
  readonly segment: string;
  /** Tokens that the provider had cached after the request before; 0 where it tells of no cache. */
  readonly expectedTokens: number;
  /** Tokens that it read of them. */
  readonly readTokens: number;
}
