import { ConfigError } from '../core/errors.js';
import { PATCH_TOOL } from '../core/patch-tool.js';
import type { ToolKind } from '../core/tool.js';
import { type CommandMatcher, compileCommand, compileMention, compileRefusal } from './command-pattern.js';
import { compileHost, type HostMatcher } from './host-pattern.js';
import { compilePathPattern, mayLieIn, type PathMatcher } from './path-pattern.js';
import { HOST_TOOL, parseRule, type Rule, SHELL_TOOL } from './rule.js';

/** One list of rules, compiled once. Every method answers with the rule that matches, as the user wrote it. */
export class RuleList {
  readonly #whole = new Map<string, string>();
  readonly #commands: {
    readonly text: string;
    readonly matches: CommandMatcher;
    readonly mentions: CommandMatcher;
  }[] = [];
  readonly #paths: { readonly rule: Rule; readonly matches: PathMatcher }[] = [];
  readonly #hosts: { readonly text: string; readonly matches: HostMatcher }[] = [];
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
      } else if (rule.tool === HOST_TOOL) this.#hosts.push({ text, matches: compileHost(rule.pattern) });
      else this.#paths.push({ rule, matches: compilePathPattern(rule.pattern, { refuses }) });
    }
  }

  /** The names of tools that are ruled as a whole. */
  get tools(): Iterable<string> {
    return this.#whole.keys();
  }

  get hasPaths(): boolean {
    return this.#paths.length > 0;
  }

  /** A rule about reading paths that may lie in this folder, a real path: whoever looks into it may come upon one of them. */
  readingIn(folder: string, roots: readonly string[]): string | undefined {
    return this.#paths.find(({ rule }) => readers.has(rule.tool) && mayLieIn(rule.pattern!, folder, roots))
      ?.rule.text;
  }

  get hasCommands(): boolean {
    return this.#commands.length > 0;
  }

  /**
   * Also a rule for all tools of an MCP server, `mcp__server` or `mcp__server__*`. A patch edits and writes, so what refuses
   * Edit or Write refuses it, too; what allows one of them does not allow it.
   */
  tool(name: string): string | undefined {
    const server = /^mcp__.+?(?=__)/.exec(name)?.[0];
    const ofServer = server && (this.#whole.get(server) ?? this.#whole.get(`${server}__*`));
    const own = this.#whole.get(name) ?? ofServer;
    if (own !== undefined || !this.#refuses || name !== PATCH_TOOL) return own;
    return [...editors].map((one) => this.#whole.get(one)).find((rule) => rule !== undefined);
  }

  /** A rule for a host, as `hostOf` names it. */
  host(host: string): string | undefined {
    return this.#hosts.find(({ matches }) => matches(host))?.text;
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
