/** The parts of a prompt: what stays the same, for providers to cache, and what may differ from call to call. */
export interface Prompt {
  readonly system: string;
  readonly volatile: string;
  /** `system` by who said what; joined by a blank line it is the same text. Without it nobody can tell which part has changed. */
  readonly parts?: readonly PromptPart[];
  /** `volatile` in the same way. */
  readonly volatileParts?: readonly PromptPart[];
}

/** What one contributor says in a prompt. */
export interface PromptPart {
  readonly contributor: string;
  /** The contributor's name when it named no section. */
  readonly section: string;
  readonly text: string;
  /** Files that the text comes from, absolute; absent where it comes from none. */
  readonly files?: readonly string[];
}
