import type { ErrorData } from '../core/errors.js';
import type { FileDiff } from '../core/restore.js';
import type { Todo } from '../core/todos.js';
import type { FileChange } from '../core/tool.js';

/** One finished piece of the transcript. Never changes once it exists; the screen prints it once. */
export type BlockBody =
  | { readonly kind: 'banner'; readonly lines: readonly string[] }
  /** `attached`: what went along, a line each. */
  | { readonly kind: 'user'; readonly text: string; readonly attached?: readonly string[] }
  /** Whole lines of the answer. `fence`: the code fence that the first line stands in; empty outside of code. */
  | { readonly kind: 'answer'; readonly text: string; readonly fence: string }
  | ThinkingBlockBody
  | ToolBlockBody
  /** A command's answer, or a tool output that the user asked to see. */
  | {
      readonly kind: 'output';
      readonly title: string;
      readonly text: string;
      /** What is left out, and how to see it. */
      readonly more?: string;
      /** It is ours, and what is drawn in it with blocks are bars. */
      readonly bars?: true;
    }
  | {
      readonly kind: 'diff';
      readonly title: string;
      readonly files: readonly FileDiff[];
      /** The row that it begins with, counted from 1. */
      readonly from?: number;
      /** What is left out, and how to see it. */
      readonly more?: string;
    }
  | { readonly kind: 'notice'; readonly level: 'info' | 'warning'; readonly text: string }
  | { readonly kind: 'error'; readonly error: ErrorData };

/** The model's reasoning, folded. */
export interface ThinkingBlockBody {
  readonly kind: 'thinking';
  /** Its first line. */
  readonly summary: string;
  readonly durationMs: number;
  /** Under which it is kept. */
  readonly number: number;
}

export interface ToolBlockBody {
  readonly kind: 'tool';
  readonly name: string;
  readonly title: string;
  /** `interrupted`: the turn ended before the call had an answer. */
  readonly status: 'done' | 'failed' | 'denied' | 'interrupted';
  readonly summary: string;
  /** Absent for calls of an earlier run. */
  readonly durationMs: number | undefined;
  readonly change?: FileChange;
  /** The steps that the call wrote down. */
  readonly todos?: readonly Todo[];
  /** Under which its output is kept; absent where it has none. */
  readonly number?: number;
}

export type BlockKind = BlockBody['kind'];

/** `gap`: an empty line belongs above it. */
export type Block = BlockBody & { readonly id: number; readonly gap: boolean };
