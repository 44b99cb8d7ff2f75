/**
 * What a coordinator may tell beside its answers, for the decision log. The built-in ones do; of a user's own that does
 * not, only what can be seen from outside is recorded.
 */

/** A config coordinator tells whom it asked. */
export interface ExplainsConfig {
  /** Of the answer that holds for the session, by the names of providers; `undefined` before there is one. */
  sources?(
    sessionId: string,
  ): { readonly asked: readonly string[]; readonly answered: readonly string[] } | undefined;
}

/** When a session's messages would be made smaller by themselves. */
export interface ContextOutlook {
  readonly strategy: string;
  /** `false`: only when the user asks. */
  readonly automatic: boolean;
  /** Tokens of the messages, as the provider counted them, and estimated for those that came since. */
  readonly tokens: number;
  /** Tokens of the messages past which they are compacted. */
  readonly compactsAtTokens: number;
  /** The messages are past the threshold, but it was tried a moment ago: `compactsAtTokens` is where it is tried again. */
  readonly settled?: true;
}

/** A context coordinator tells when it would compact, and who made a context that it handed out. */
export interface ExplainsContext {
  outlook?(sessionId: string, budgetTokens: number, withinTurn?: boolean): ContextOutlook;
}

/** A provider coordinator tells whom the session chose, as `provider/model`, while somebody else may stand in. */
export interface ExplainsProvider {
  chosen?(sessionId?: string): string;
}
