/** A message that is ready in a file: a custom command, or a skill that the user calls by name. */
export interface PromptCommand {
  /** As it is typed behind the slash; folders part it by colons. */
  readonly name: string;
  readonly kind: 'command' | 'skill';
  /** One line. */
  readonly description: string;
  /** What its arguments are, for people. */
  readonly argumentHint?: string;
  /** Absolute. */
  readonly file: string;
}

/** What a call of one comes to. */
export interface ExpandedPrompt {
  /** The message. */
  readonly text: string;
  /** What of it may mention files. */
  readonly mentions: string;
}

/** The messages that are ready in files of the user and of a trusted project. */
export interface PromptCommands {
  /** As they were when somebody looked last. */
  list(): readonly PromptCommand[];
  /** A sentence for each that cannot be used as it is. */
  problems(): readonly string[];
  /** Looks at the files again, as far as they have changed. */
  refresh(): Promise<void>;
  /** The message of one with these arguments, from its file as it is now; `undefined` where there is none of this name. */
  expand(name: string, given: string): Promise<ExpandedPrompt | undefined>;
}
