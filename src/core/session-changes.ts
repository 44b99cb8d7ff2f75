import type { FileDiff, RestoreOutcome, RestorePlan } from './restore.js';

/** Something the user said, to go back to before of. */
export interface Prompt {
  readonly messageId: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

export type ChangesRequest =
  | { readonly action: 'undo' | 'redo' }
  /** Back to before this message of the user's. */
  | { readonly action: 'rewind'; readonly messageId: string };

/** What taking something back would do. Nothing has happened yet. */
export interface ChangesPreview {
  readonly files: RestorePlan;
  /** What the user had said before the first of these changes; `null` where there are none. */
  readonly prompt: string | null;
  /** Calls since that prompt that may have changed something that no checkpoint covers, in order: `Bash npm install`. */
  readonly uncovered: readonly string[];
  /**
   * Where the conversation would go: the id of what it is put back to before of, and the messages that the model sees
   * then. `null` where it cannot be taken back.
   */
  readonly conversation: { readonly before: string; readonly messages: number } | null;
}

export interface AppliedChanges extends RestoreOutcome {
  readonly conversation: boolean;
}

/** What a session changed, and how to take it back: files, the conversation, or both. */
export interface SessionChanges {
  /** What the user said in the conversation as it is now, oldest first. */
  prompts(sessionId?: string): Promise<readonly Prompt[]>;
  preview(request: ChangesRequest, sessionId?: string): Promise<ChangesPreview>;
  /** Does what a preview said. Each file is looked at again, and left alone when it is not as it was then. */
  apply(
    preview: ChangesPreview,
    parts: { readonly files: boolean; readonly conversation: boolean },
  ): Promise<AppliedChanges>;
  /** Every file that the session changed, from before its first change to now. */
  diff(sessionId?: string): Promise<readonly FileDiff[]>;
}
