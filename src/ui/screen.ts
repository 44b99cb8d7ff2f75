import type { Block, State } from '../state.js';
import type { Appearance } from './appearance.js';
import type { QuestionKind, Scope } from './approval-keys.js';
import type { HistorySearch } from './history-search.js';
import type { InputState } from './input-state.js';
import type { Menu } from './menu/menu.js';
import type { Span } from './spans.js';

/** The code lines of a block by their places in its text, each as the spans that it is made of. */
export type CodeLines = ReadonlyMap<number, readonly Span[]>;

/** A block as it is printed. */
export type PrintedBlock = Block & { readonly code?: CodeLines };

/** A question about a tool call, as the screen shows it. */
export interface ApprovalPrompt {
  readonly kind: QuestionKind;
  readonly name: string;
  readonly title: string;
  readonly reason: string;
  /** The whole call: command, path, change. */
  readonly details: readonly (readonly Span[])[];
  /** The details were printed above because they are taller than the screen. */
  readonly printed: boolean;
  /** Questions behind this one. */
  readonly waiting: number;
  /** How long a yes may hold; as long as there are words for when absent. */
  readonly scopes?: readonly Scope[] | undefined;
  /** What a yes for longer than once will cover, in words. */
  readonly covers?: { readonly session?: string; readonly project?: string } | undefined;
  /** Calls that are asked about together; one when absent. */
  readonly calls?: number | undefined;
  /** Answers to choose from by their number; none when absent. */
  readonly options?: number | undefined;
  /** What the user wants instead, while it is being written. */
  readonly entry: InputState | undefined;
}

/** A question with several answers, as the screen shows it. */
export interface ChoicePrompt {
  readonly question: string;
  readonly options: readonly string[];
  /** What was typed to narrow them. */
  readonly filter: string;
  /** Which of those that are left is marked. */
  readonly selected: number;
  /** Rows below the options. */
  readonly sample?: readonly (readonly Span[])[];
}

/** Everything that one frame is made of. */
export interface Screen {
  readonly state: State;
  readonly input: InputState;
  readonly columns: number;
  readonly rows: number;
  /** How often the window has changed its size; none when absent. */
  readonly resizes?: number;
  /** Milliseconds since 1970; moves the spinner. */
  readonly now: number;
  readonly approval: ApprovalPrompt | undefined;
  readonly choice?: ChoicePrompt | undefined;
  /** What the word at the cursor may become. */
  readonly menu?: Menu | undefined;
  /** Earlier messages are searched instead of writing one. */
  readonly search?: HistorySearch | undefined;
  /** Messages that wait for the turn to end. */
  readonly queued: readonly string[];
  /** One line of help for this moment. */
  readonly hint: string;
  /** How it looks; the usual when absent. */
  readonly appearance?: Appearance;
  /** Blocks to print above the dynamic area, once; each print has its own number. */
  readonly print: { readonly number: number; readonly blocks: readonly PrintedBlock[] };
}
