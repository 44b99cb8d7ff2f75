import type { ZodType } from 'zod';
import type { Question } from './decision.js';
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
  /** `content` without what differs each time by itself, such as how long it took: tells whether a call came to the same again. */
  readonly outcome?: string;
  readonly images?: readonly Image[];
  /** Commands only: how it ended, `null` where a signal or its time limit ended it, and what it put out, bounded. */
  readonly command?: { readonly exitCode: number | null; readonly output: string };
  /** Edits only: what changed, for the screen. */
  readonly change?: FileChange;
  /**
   * Edits only: every file that was written, by its real path, as SHA-256 (hex) of what was replaced and of what was
   * written; `null` for no file. Without it, what is there after the call counts as written by it.
   */
  readonly written?: readonly WrittenFile[];
  /** The call was given up on: what it does may still happen. */
  readonly unfinished?: true;
  /** No tool ran: the model made the name up. */
  readonly unknownTool?: true;
}

export interface WrittenFile {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface FileChange {
  readonly path: string;
  /** `null` when the file did not exist. */
  readonly before: string | null;
  readonly after: string;
  /** The file is removed; `after` is empty. */
  readonly deleted?: true;
  /** What the same call changes in other files. */
  readonly also?: readonly FileChange[];
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
  /**
   * Where the paths of the call really led when it was decided. A link that was put in between leads elsewhere, and
   * nobody was asked about that: the built-in tools open nothing else.
   */
  readonly leadsTo?: readonly string[] | undefined;
  /** Whether rules keep a file from the session: a tool that goes through a folder leaves out such files. Takes an absolute path. */
  readonly hides?: ((path: string) => boolean) | undefined;
  /** Whether a rule of the user's allows this host by name: then it may be this machine, or one of its network. */
  readonly namesHost?: ((host: string) => boolean) | undefined;
  /** Takes what the call puts out while it runs, for whoever watches; what the model reads is the result alone. Costs little to call often. */
  readonly onOutput?: ((chunk: Uint8Array | string) => void) | undefined;
}

/** What a running call has put out so far. */
export interface OutputSoFar {
  /** Its last lines: at most 20 and 4 kB, the last of them perhaps unfinished. Without keys and escape sequences. */
  readonly tail: string;
  /** All of them, with those that are not in `tail`. */
  readonly lines: number;
  readonly bytes: number;
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
  /** Published in place of `schema`: for a tool of another program, which checks its input itself. An object's JSON schema. */
  readonly inputSchema?: Readonly<Record<string, unknown>>;
  /**
   * A hash of what the tool is, for one that another program brings and may change. With it the user may allow every call
   * for longer than once; what they allowed is of this tool, and another one of its name is asked about again.
   */
  readonly identity?: string;
  /** More words a user may say for this tool; only tool selection reads them. */
  readonly keywords?: readonly string[];
  /** Always offered to the model, whatever a selection strategy says. */
  readonly core?: boolean;
  /** Whether a model is offered the tool; every one is when absent. Answers the same for the same model. */
  offeredTo?(model: { readonly provider: string; readonly model: string }): boolean;
  /** Shows what is in the files of a folder that it is given, and leaves none out: asks where a rule keeps some of them back. */
  readonly showsContents?: true;
  /** The file-system paths this input touches, as the model wrote them; permission decisions use them. */
  paths?(input: Input): readonly string[];
  /**
   * Only for tools that hand a text to bash: that text. Rules speak of the commands in it, and one that is found to only
   * read runs without asking, so `execute` must run what was found (see `tools/checked-command.ts`).
   */
  shellCommand?(input: Input): string;
  /**
   * Only for tools that ask another machine for something: its name, with a port that is not the usual one. The user is asked
   * once for each, in every mode but yolo, whatever the kind of the tool.
   */
  host?(input: Input): string;
  /**
   * Only for tools that hand over a plan: its text, in Markdown. In mode plan the user is asked with it, whatever *ask* and
   * *allow* rules say, and their answer is the result. In every other mode this is a tool of its kind, and `execute` answers.
   */
  plan?(input: Input): string;
  /** Only for tools that ask the user something: what. Their answer is the result; `execute` answers where nobody was asked. */
  question?(input: Input): Question;
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
