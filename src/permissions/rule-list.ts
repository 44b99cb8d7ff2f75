import { ConfigError } from '../core/errors.js';
import type { ToolKind } from '../core/tool.js';
import { type CommandMatcher, compileCommand, compileMention, compileRefusal } from './command-pattern.js';
import { compilePathPattern, type PathMatcher } from './path-pattern.js';
import { parseRule, type Rule, SHELL_TOOL } from './rule.js';

/** One list of rules, compiled once. Every method answers with the rule that matches, as the user wrote it. */
export class RuleList {
  readonly #whole = new Map<string, string>();
  readonly #commands: {
    readonly text: string;
    readonly matches: CommandMatcher;
    readonly mentions: CommandMatcher;
  }[] = [];
  readonly #paths: { readonly rule: Rule; readonly matches: PathMatcher }[] = [];
  readonly #refuses: boolean;

  /** Throws `ConfigError` for a rule that nobody can read. */
  constructor(texts: readonly string[], { refuses }: { readonly refuses: boolean }) {
    this.#refuses = refuses;
    for (const text of texts) {
      const rule = parseRule(text);
      if ('problem' in rule) {
        throw new ConfigError(`The rule ${JSON.stringify(text)} cannot be read: ${rule.problem}`, {
          advice: 'Correct it; a rule is a tool, or a tool with a pattern in brackets.',
          key: 'permissions',
        });
      }
      if (rule.pattern === undefined) this.#whole.set(rule.tool, text);
      else if (rule.tool === SHELL_TOOL) {
        const matches = (refuses ? compileRefusal : compileCommand)(rule.pattern);
        this.#commands.push({ text, matches, mentions: compileMention(rule.pattern) });
      } else this.#paths.push({ rule, matches: compilePathPattern(rule.pattern, { refuses }) });
    }
  }

  /** The names of tools that are ruled as a whole. */
  get tools(): Iterable<string> {
    return this.#whole.keys();
  }

  get hasPaths(): boolean {
    return this.#paths.length > 0;
  }

  get hasCommands(): boolean {
    return this.#commands.length > 0;
  }

  tool(name: string): string | undefined {
    return this.#whole.get(name);
  }

  command(argv: readonly string[]): string | undefined {
    return this.#commands.find(({ matches }) => matches(argv))?.text;
  }

  /** A rule whose words stand somewhere in a text that could not be taken apart. */
  mentioned(text: string): string | undefined {
    if (this.#commands.length === 0) return undefined;
    const words = text.split(/[\s;&|()<>`'"$={}\\]+/).filter(Boolean);
    return this.#commands.find(({ mentions }) => mentions(words))?.text;
  }

  /**
   * A rule for a path that a tool touches. What is refused to one tool that reads (or edits) is refused to all that do;
   * what is allowed to one is allowed to no other.
   */
  path(tool: string, kind: ToolKind, path: string, roots: readonly string[]): string | undefined {
    if (this.#paths.length === 0) return undefined;
    const found = this.#paths.find(
      ({ rule, matches }) =>
        (rule.tool === tool || (this.#refuses && isOfKind(rule.tool, kind))) && matches(path, roots),
    );
    return found?.rule.text;
  }
}

const readers = new Set(['Read', 'Grep']);
const editors = new Set(['Edit', 'Write']);

function isOfKind(ruled: string, kind: ToolKind): boolean {
  if (kind === 'read') return readers.has(ruled);
  return kind === 'edit' ? editors.has(ruled) : readers.has(ruled) || editors.has(ruled);
}
