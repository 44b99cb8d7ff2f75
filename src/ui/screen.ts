import type { Block, State } from '../state.js';
import type { InputState } from './input-state.js';
import type { Span } from './spans.js';

/** A question about a tool call, as the screen shows it. */
export interface ApprovalPrompt {
  readonly name: string;
  readonly title: string;
  readonly reason: string;
  /** The whole call: command, path, change. */
  readonly details: readonly (readonly Span[])[];
  /** The details were printed above because they are taller than the screen. */
  readonly printed: boolean;
  /** Questions behind this one. */
  readonly waiting: number;
}

/** Everything that one frame is made of. */
export interface Screen {
  readonly state: State;
  readonly input: InputState;
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds since 1970; moves the spinner. */
  readonly now: number;
  readonly approval: ApprovalPrompt | undefined;
  /** Messages that wait for the turn to end. */
  readonly queued: readonly string[];
  /** One line of help for this moment. */
  readonly hint: string;
  /** Blocks to print above the dynamic area, once; each print has its own number. */
  readonly print: { readonly number: number; readonly blocks: readonly Block[] };
}
