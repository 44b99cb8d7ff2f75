import type { Coordinators } from './coordinator.js';

/** Something that a decision was made from: a count, a name, a score, or a list of such. Never the text of a file, message or answer. */
export type DecisionInput = string | number | boolean | readonly string[];

/** What a decision took; a part is absent where it has none. `tokens` and `usd` (US dollars) are the provider's. */
export interface DecisionCost {
  readonly ms?: number;
  readonly tokens?: number;
  readonly usd?: number;
}

/** What was decided and why, in words that are the same when the same is decided again: what differs is an input. */
export interface DecisionWords {
  readonly coordinator: keyof Coordinators;
  /** Which of its decisions: the method that was asked, or what happened. */
  readonly decision: string;
  /** What was decided, in a few words. */
  readonly outcome: string;
  /** One sentence. */
  readonly reason: string;
}

/** What a coordinator decided by itself, from what, why and at what cost. */
export interface DecisionRecord extends DecisionWords {
  readonly inputs?: Readonly<Record<string, DecisionInput>>;
  readonly cost?: DecisionCost;
}

/** A decision as it is kept. Words that were kept a moment ago are not kept again: `as` names the entry that has them. */
export type DecisionEntry = {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How often it was decided so before anything else was kept; once when absent. */
  readonly times?: number;
  /** The sum over all of these times. */
  readonly cost?: DecisionCost;
  /** Beside `as`: only those that differ from what they were there. */
  readonly inputs?: Readonly<Record<string, DecisionInput>>;
} & ({ readonly key: string; readonly words: DecisionWords } | { readonly as: string });

/** Decisions that were kept together. */
export interface DecisionBatch {
  /** The turn they belong to; absent between turns. */
  readonly turnId?: string;
  readonly entries: readonly DecisionEntry[];
}

/** A decision as it is read back. */
export interface RecordedDecision extends DecisionWords {
  /** 1 for the session's first turn with decisions; between two turns, that of the turn which follows. */
  readonly turn: number;
  /** Absent between turns. */
  readonly turnId?: string;
  readonly times: number;
  /** Milliseconds since 1970, of the first of these times. */
  readonly timestamp: number;
  readonly inputs: Readonly<Record<string, DecisionInput>>;
  readonly cost: DecisionCost;
}
