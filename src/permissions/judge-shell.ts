import type { Decision } from '../core/decision.js';
import type { ShellVerdict, SimpleCommand } from '../shell/classify.js';
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
  readonly roots: readonly string[];
}

/** The first rule of a list that refuses (or asks about) any command of the call, or any file that one reads. */
export function ruleAgainst(list: RuleList, { text, verdict, parts, roots }: ShellCall): string | undefined {
  for (const { command, touched } of parts) {
    const rule = list.command(command.argv) ?? pathRule(list, touched, roots);
    if (rule !== undefined) return rule;
  }
  return verdict.exact ? undefined : list.mentioned(text);
}

function pathRule(list: RuleList, touched: readonly Touched[], roots: readonly string[]): string | undefined {
  for (const { named, real } of touched) {
    const rule = list.path('Read', 'read', real, roots) ?? list.path('Read', 'read', named, roots);
    if (rule !== undefined) return rule;
  }
  return undefined;
}

/** What refuses a command that would show a secret, unless a rule of the user's names the command or the file. */
export function secretIn({ parts, verdict, roots }: ShellCall, allow: RuleList): string | undefined {
  for (const { command, touched } of parts) {
    if (verdict.exact && allow.command(command.argv) !== undefined) continue;
    const secrets = touched.filter(isSecret);
    const open = secrets.filter(({ real }) => allow.path('Read', 'read', real, roots) === undefined);
    if (open[0]) return `${open[0].real} may hold secrets.`;
    if (command.verdict === 'deny' && secrets.length === 0) return command.reason;
  }
  return undefined;
}

/** What lets the whole call run: every command is one that a rule allows, or only reads inside the workspace. */
export function shellAllowance({ verdict, parts, roots }: ShellCall, allow: RuleList): Decision | undefined {
  if (!verdict.exact || parts.length === 0) return undefined;
  let rule: string | undefined;
  for (const { command, touched } of parts) {
    const allowing = allow.command(command.argv);
    rule ??= allowing;
    if (allowing === undefined && !reads(command, touched, roots, allow)) return undefined;
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
  { verdict }: SimpleCommand,
  touched: readonly Touched[],
  roots: readonly string[],
  allow: RuleList,
): boolean {
  const named = ({ real }: Touched) => allow.path('Read', 'read', real, roots) !== undefined;
  return verdict === 'allow' && touched.every((one) => named(one) || (one.inside && !isSecret(one)));
}

/** The file that makes a reading command ask, for the reason. */
export function outsidePath({ verdict, parts }: ShellCall): string | undefined {
  if (verdict.verdict !== 'allow') return undefined;
  return parts.flatMap(({ touched }) => touched).find(({ inside }) => !inside)?.real;
}
