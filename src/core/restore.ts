import type { FileState } from './checkpoint.js';

/** What is to be taken back: the last turn's changes, the last restore, or every change since an entry of the log. */
export type RestoreRequest =
  | { readonly action: 'undo' | 'redo' }
  | { readonly action: 'rewind'; readonly sequence: number };

/** What putting a file back comes to. */
export type RestoreKind = 'content' | 'create' | 'remove' | 'mode';

/** A file that would be put back as it was. */
export interface FileRestore {
  /** Absolute real path. */
  readonly path: string;
  readonly kind: RestoreKind;
  /** What must be there at that moment: what Victor left. */
  readonly expected: FileState;
  readonly target: FileState;
  /** The `position` of the change that it is put back to before of. */
  readonly back: number;
  /** What the user should know about it; empty for nothing. */
  readonly note: string;
}

/** A file that is left alone, and why. */
export interface LeftAlone {
  readonly path: string;
  readonly reason: string;
}

/** What a restore would do. Nothing happens before it is applied, and then each file is looked at again. */
export interface RestorePlan {
  readonly action: RestoreRequest['action'];
  readonly sessionId: string;
  /** The newest entry of the session's log when the first of the changes was made; `null` when there is none to take back. */
  readonly since: number | null;
  readonly files: readonly FileRestore[];
  readonly left: readonly LeftAlone[];
}

export interface RestoreOutcome {
  readonly restored: readonly FileRestore[];
  readonly left: readonly LeftAlone[];
}

/** What a session changed in one file, from before its first change to now. Texts are `null` for no file. */
export interface FileDiff {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  /** What the texts do not say: that others changed it too, that it is no text, a new mode. */
  readonly notes: readonly string[];
}

export interface RestoreResult {
  readonly restored: boolean;
  readonly path: string;
  /** Why not, or what was done. */
  readonly reason: string;
}
