import type { Verdict } from '../core/decision.js';

/** One command of a pipeline or list, as bash would start it. */
export interface SimpleCommand {
  /** Exactly the words that bash would pass, the name first. Of text that is not exact: what it seems to say. */
  readonly argv: readonly string[];
  /** As written, for example `2>/dev/null`. */
  readonly redirects: readonly string[];
  /** `allow` means: it only reads, whatever the files hold. Whether it may read its `paths` is for others to say. */
  readonly verdict: Verdict;
  readonly reason: string;
  /** The files and folders that it names, as written: relative to where it runs, never expanded. */
  readonly paths: readonly string[];
  /** `argv` with options that keep it from showing secrets it finds on its way through a folder. Run this. */
  readonly run: readonly string[];
}

/** What a command line would do, as far as that can be known from its text. */
export interface ShellVerdict {
  /** The strictest of its commands: `deny`, `ask`, `allow`. */
  readonly verdict: Verdict;
  readonly reason: string;
  readonly commands: readonly SimpleCommand[];
  /**
   * Whether `commands` is certainly what bash would run, with no redirection but to and from nowhere. When it is not,
   * `commands` are guesses: rules that deny or ask may match them, rules that allow must not.
   */
  readonly exact: boolean;
  /** Of an `allow` only: the same line written anew from each `run`, every word quoted; for `bash -c`. */
  readonly script?: string;
}
