import type { Mode } from './coordinator.js';
import type { ToolScore } from './extension.js';
import type { ToolCall } from './message.js';

export type Verdict = 'allow' | 'ask' | 'deny';

/** Whether one tool call may run, and why. */
export interface Decision {
  readonly verdict: Verdict;
  /** One sentence for the user and the model. */
  readonly reason: string;
  /** The rule that won, as the user wrote it. */
  readonly rule?: string;
  /** The rule is one that denies, though this is asked: what it names may be shown, but was not named. */
  readonly denies?: true;
  /** What refused it, where no rule did: a file that a `Read` rule may name, what stands in for a coordinator that failed, or a hook (which may also ask). */
  readonly cause?: 'secret-file' | 'failed-coordinator' | 'hook';
  /** Every path of the call may be read without asking, so that an `ask` may show what the call would change. */
  readonly readable?: true;
  /** It is asked whether to go on, not only what may be done: a yes is for this one call, whatever scope it names. */
  readonly onlyOnce?: true;
  /** The plan that the user is asked about, in Markdown: a yes may say which mode holds from now on. */
  readonly plan?: string;
  /** What the model asks the user; their answer is the result of the call. */
  readonly question?: Question;
  /** What the call runs with in place of what the model wrote: everything else here is about that. */
  readonly input?: ToolCall['input'];
  /** Where the paths of the call really led when this was decided, absolute; absent when nobody looked. */
  readonly leadsTo?: readonly string[];
}

/** What the model asks the user. */
export interface Question {
  readonly text: string;
  /** Answers to choose from, at most nine; the user may always say something else. */
  readonly options: readonly string[];
}

/** What the user said when asked. */
export interface Approval {
  readonly allowed: boolean;
  /** How long it holds: this call, this session, or every session in this folder. A refusal holds once. */
  readonly scope: 'once' | 'session' | 'project';
  /** With a yes for once: it holds for the calls that were asked about together with this one, too, once each. */
  readonly together?: true;
  /** What the user wants instead; given to the model with a refusal. */
  readonly feedback?: string;
  /** With a yes to a question of the model's: the answer. Read for questions only. */
  readonly answer?: string;
  /** With a yes to a plan: the mode that holds from now on. Read for plans only. */
  readonly mode?: Mode;
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
