import type { ZodType } from 'zod';
import type { Image } from './message.js';

/** What a tool can do to the world; modes and permissions speak of these kinds. */
export type ToolKind = 'read' | 'edit' | 'execute';

/** What a tool reports. A failure is data for the model, so it is a result too: `isError` and a text that says what to do next. */
export interface ToolResult {
  /** What the model reads. Always bounded; says how to get the rest when it was cut. */
  readonly content: string;
  readonly isError?: boolean;
  /** One line for the screen, for example `42 lines`. */
  readonly summary?: string;
  readonly images?: readonly Image[];
  /** Edits only: what changed, for the screen. */
  readonly change?: FileChange;
}

export interface FileChange {
  readonly path: string;
  /** `null` when the file did not exist. */
  readonly before: string | null;
  readonly after: string;
}

/** What one call may use. A tool gets nothing else: no settings, no screen, no other tool. */
export interface ToolContext {
  /** Absolute path that relative paths start from. */
  readonly cwd: string;
  readonly sessionId: string;
  readonly signal: AbortSignal;
  /** What this session has read, by real path; lets edits refuse a file that changed since. */
  readonly files: FileMemory;
  /** Absolute path of a private folder for output too long to return. Created on first use by the tool. */
  readonly outputDirectory: string;
}

/** Content hashes of files as this session last saw them, by real path. */
export interface FileMemory {
  get(realPath: string): string | undefined;
  set(realPath: string, hash: string): void;
}

/** A tool as users implement it and as the built-in ones are: one file, one factory. */
export interface Tool<Input = unknown> {
  /** As the model, the rules and the screen call it. */
  readonly name: string;
  /** What the model reads: short, and nothing said twice. */
  readonly description: string;
  readonly kind: ToolKind;
  /** Validates the input; published to the model as JSON schema. */
  readonly schema: ZodType<Input>;
  /** More words a user may say for this tool; only tool selection reads them. */
  readonly keywords?: readonly string[];
  /** Always offered to the model, whatever a selection strategy says. */
  readonly core?: boolean;
  /** The file-system paths this input touches, as the model wrote them; permission decisions use them. */
  paths?(input: Input): readonly string[];
  /**
   * Only for tools that hand a text to bash: that text. Rules speak of the commands in it, and one that is found to only
   * read runs without asking, so `execute` must run what was found (see `tools/checked-command.ts`).
   */
  shellCommand?(input: Input): string;
  /** The call in a few words, for the screen and for approval prompts: the command, the path, the pattern. */
  describe(input: Input): string;
  /**
   * Edits only: what `execute` would answer now, without changing anything. With a `change` it is shown to the user with
   * the question; without one there is nothing to allow, and the model has its answer at once. Called only for files
   * that may be read without asking; `execute` checks everything again.
   */
  preview?(input: Input, context: ToolContext): Promise<ToolResult>;
  /** Runs one call. Must not throw for what the model can mend; must stop soon after `context.signal` aborts. */
  execute(input: Input, context: ToolContext): Promise<ToolResult>;
}

/** A tool as a provider sends it to a model. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON schema of the input object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}
