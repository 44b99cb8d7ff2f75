/** One file at one moment. */
export interface FileState {
  /** SHA-256 (hex) of the content; `null` when there is no such file. */
  readonly hash: string | null;
  /** Permission bits; `null` without a file, and where nobody knows them. */
  readonly mode: number | null;
}

/** `edit`: by the agent. The others are restores that the user asked for. */
export type CheckpointAction = 'edit' | 'undo' | 'redo' | 'rewind';

/** What is known of a change before it is made. */
export interface NewCheckpoint {
  readonly id: string;
  readonly sessionId: string;
  readonly action: CheckpointAction;
  /** The turn of an edit; what is restored in one go shares an id of its own. */
  readonly turnId: string;
  /** Absolute real path. */
  readonly path: string;
  readonly before: FileState;
  /** What will be there; `null` when only the tool knows. */
  readonly after: FileState | null;
  /** Of a restore: the `position` of the change that the file is put back to before of; else `null`. */
  readonly back: number | null;
  readonly createdAt: number;
}

/** One change of one file, by the agent or by a restore: what was there before, and what Victor left. */
export interface Checkpoint extends NewCheckpoint {
  /** Order among all changes, given by the store, because clocks go backwards. */
  readonly position: number;
  /** The newest entry of the session's log at the time; 0 for none. */
  readonly logSequence: number;
  /** The change was made, and `after` is what it left. */
  readonly sealed: boolean;
}

/** Where changes and the content of files before them live. Each content is kept once, whoever refers to it. */
export interface CheckpointStore {
  /**
   * Keeps a change that is about to be made, and `content`, which hashes to `checkpoint.before.hash`; `null` where no file
   * is. What an id was saved with first stays. The oldest contents go when all of them take more than the store keeps.
   */
  saveCheckpoint(checkpoint: NewCheckpoint, content: Uint8Array | null): Promise<void>;
  /** Records that the change was made, and what it left. */
  sealCheckpoint(id: string, after: FileState): Promise<void>;
  /** Forgets a change that was not made. */
  discardCheckpoint(id: string): Promise<void>;
  /** Newest first. */
  listCheckpoints(sessionId: string): Promise<readonly Checkpoint[]>;
  getCheckpoint(id: string): Promise<Checkpoint | undefined>;
  /** A content by its SHA-256 (hex); `undefined` when it is kept no longer, or damaged. */
  readContent(hash: string): Promise<Uint8Array | undefined>;
  /** Bytes that all kept contents take. */
  contentBytes(): Promise<number>;
}
