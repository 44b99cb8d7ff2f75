import { statSync } from 'node:fs';
import type { Decision } from '../core/decision.js';
import type { ShellVerdict, SimpleCommand } from '../shell/classify.js';
import {
  looksAround,
  needsGuards,
  needsHardening,
  obeysRepository,
  showsHistory,
  takesFolders,
} from './looks-around.js';
import type { RuleList } from './rule-list.js';
import { isSecret, type Touched } from './workspace.js';

/** One command of a call, with where its paths really lead. */
export interface ShellPart {
  readonly command: SimpleCommand;
  readonly touched: readonly Touched[];
}

export interface ShellCall {
  readonly text: string;
  readonly verdict: ShellVerdict;
  readonly parts: readonly ShellPart[];
  /**
   * Whatever its words may name, where not all of its commands were found to only read; `undefined` when that cannot be
   * told.
   */
  readonly words: readonly Touched[] | undefined;
  readonly roots: readonly string[];
}

/** The first rule of a list that refuses (or asks about) any command of the call, or any file that one reads. */
export function ruleAgainst(list: RuleList, call: ShellCall): string | undefined {
  const { text, verdict, parts, words = [], roots } = call;
  for (const { command, touched } of parts) {
    const rule = list.command(command.argv) ?? pathRule(list, touched, roots);
    if (rule !== undefined) return rule;
  }
  return pathRule(list, words, roots) ?? (verdict.exact ? undefined : list.mentioned(text));
}

function pathRule(list: RuleList, touched: readonly Touched[], roots: readonly string[]): string | undefined {
  for (const { named, real } of touched) {
    const rule = list.path('Read', 'read', real, roots) ?? list.path('Read', 'read', named, roots);
    if (rule !== undefined) return rule;
  }
  return undefined;
}

/** Commands that show what is in the files of a folder, when they were found to only read. */
const searching = /^(?:rg|[ef]?grep|diff)$/;

/**
 * A rule that keeps files from being read, where the call may show them without naming them: it searches a folder, asks
 * git for what they were, or cannot be read exactly.
 */
export function ruleAround(list: RuleList, { verdict, parts, words, roots }: ShellCall): string | undefined {
  if (!list.hasPaths) return undefined;
  const everywhere = list.readingIn('/', roots);
  if (!verdict.exact || words === undefined) return everywhere;
  for (const { command, touched } of parts) {
    if (showsHistory(command) || looksAround(command)) return everywhere;
    const searches = command.verdict === 'allow' && searching.test(command.argv[0] ?? '');
    const into = searches ? touched : takesFolders(command) ? words : [];
    for (const { real } of into) {
      const rule = isFolder(real) ? list.readingIn(real, roots) : undefined;
      if (rule !== undefined) return rule;
    }
  }
  return undefined;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** What refuses a command that would show a secret, unless a rule of the user's names the command or the file. */
export function secretIn({ parts, verdict, roots }: ShellCall, allow: RuleList): Decision | undefined {
  for (const { command, touched } of parts) {
    if (verdict.exact && allow.command(command.argv) !== undefined) continue;
    const secrets = touched.filter(isSecret);
    const open = secrets.filter(({ real }) => allow.path('Read', 'read', real, roots) === undefined);
    if (open[0])
      return { verdict: 'deny', reason: `${open[0].real} may hold secrets.`, cause: 'secret-file' };
    if (command.verdict === 'deny' && secrets.length === 0)
      return { verdict: 'deny', reason: command.reason };
  }
  return undefined;
}

/** What lets the whole call run: every command is one that a rule allows, or only reads inside the workspace. */
export function shellAllowance(
  { verdict, parts, words, roots }: ShellCall,
  allow: RuleList,
): Decision | undefined {
  if (!verdict.exact || words === undefined || parts.length === 0) return undefined;
  let rule: string | undefined;
  // `git commit` is allowed to start whatever the repository configures: `git status` beside it starts no more.
  const isObeyed = parts.some(
    ({ command }) => obeysRepository(command) && allow.command(command.argv) !== undefined,
  );
  for (const { command, touched } of parts) {
    const allowing = allow.command(command.argv);
    rule ??= allowing;
    if (allowing === undefined && !reads(command, touched, roots, allow)) return undefined;
    // A line with something else in it runs as it was written, without what keeps secrets out of a search.
    const unnamed = allowing === undefined || /[: ]\*\s*\)$/.test(allowing);
    if (verdict.verdict === 'allow') continue;
    if (unnamed && needsGuards(command)) return undefined;
    // Nor is git kept from what the repository configures there; only a rule for it says that it may.
    if (allowing === undefined && !isObeyed && needsHardening(command)) return undefined;
  }
  if (rule !== undefined) return { verdict: 'allow', reason: `A rule allows ${rule}.`, rule };
  return { verdict: 'allow', reason: verdict.reason };
}

/** Only reads, whatever the rules say of commands; what the user named with `Read(…)` may be read too. */
export function onlyReads({ verdict, parts, roots }: ShellCall, allow: RuleList): boolean {
  return (
    verdict.exact &&
    parts.length > 0 &&
    parts.every(({ command, touched }) => reads(command, touched, roots, allow))
  );
}

function reads(
  { argv, verdict }: SimpleCommand,
  touched: readonly Touched[],
  roots: readonly string[],
  allow: RuleList,
): boolean {
  const named = ({ real }: Touched) => allow.path('Read', 'read', real, roots) !== undefined;
  // Of two folders it shows the files in them, whatever they hold.
  if (argv[0] === 'diff' && touched.some(({ real }) => isFolder(real))) return false;
  return verdict === 'allow' && touched.every((one) => named(one) || (one.inside && !isSecret(one)));
}

/** The file that makes a reading command ask, for the reason. */
export function outsidePath({ verdict, parts }: ShellCall): string | undefined {
  if (verdict.verdict !== 'allow') return undefined;
  return parts.flatMap(({ touched }) => touched).find(({ inside }) => !inside)?.real;
}
