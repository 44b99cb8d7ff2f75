import type { ToolScore } from './extension.js';

export type Verdict = 'allow' | 'ask' | 'deny';

/** Whether one tool call may run, and why. */
export interface Decision {
  readonly verdict: Verdict;
  /** One sentence for the user and the model. */
  readonly reason: string;
  /** The rule that won, as the user wrote it. */
  readonly rule?: string;
  /** Every path of the call may be read without asking, so that an `ask` may show what the call would change. */
  readonly readable?: true;
}

/** What the user said when asked. */
export interface Approval {
  readonly allowed: boolean;
  /** How long it holds; a refusal holds once. */
  readonly scope: 'once' | 'session';
  /** What the user wants instead; given to the model with a refusal. */
  readonly feedback?: string;
}

/** Which tools are offered this turn, and why. */
export interface Selection {
  /** Names in the one order of the session; within a session it only ever grows at the end. */
  readonly offered: readonly string[];
  readonly strategy: string;
  /** Best first. Empty when every tool fits and none had to be ranked. */
  readonly scores: readonly ToolScore[];
  /** How often this session's offered list has grown. */
  readonly epoch: number;
  readonly reason: string;
}
