/** One thing that the user allowed for every session in a folder. */
export interface ProjectApproval {
  /** What exactly it covers, in one text: the same text is the same approval. May hold what a command holds. */
  readonly key: string;
  readonly tool: string;
  /** The same for people: the command, the path, or the files that are meant. */
  readonly what: string;
  /** The scripts it runs, as paths seen from the folder; one that changes is asked about again. */
  readonly scripts: readonly string[];
}

/**
 * What is allowed for every session in one folder. Both methods are synchronous and quick: they are called while a
 * call is decided.
 */
export interface ApprovalStore {
  /** Whether exactly this was allowed. One that throws says no. */
  has(key: string): boolean;
  /** Throws when it cannot be kept: then it holds for the session. */
  add(approval: ProjectApproval): void;
}
