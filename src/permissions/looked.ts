import type { ToolCall } from '../core/message.js';
import type { Tool } from '../core/tool.js';
import { whyPackageAsks, whyProtected } from './protected-path.js';
import { lies } from './real-path.js';
import type { RuleList } from './rule-list.js';
import type { CompiledRules } from './rules.js';
import { isSecret, type Touched } from './workspace.js';

/** One call with what was found out about it, so that nothing is looked up twice. */
export interface Looked {
  readonly tool: Tool;
  readonly call: ToolCall;
  readonly sessionId: string;
  /** `undefined`: the tool does not say. */
  readonly touched: readonly Touched[] | undefined;
  /** Absolute real paths; the first is the working folder. */
  readonly roots: readonly string[];
  /** Real paths of the folders in which Victor keeps settings and what the user decided. */
  readonly own: readonly string[];
  /** Real paths of what hooks of a project run. */
  readonly hookFiles: readonly string[];
  readonly rules: CompiledRules;
  readonly session: CompiledRules;
}

/** The first rule of a list that names the tool, or a path that the call touches. */
export function ruleOf(list: RuleList, { tool, call, touched, roots }: Looked): string | undefined {
  const whole = list.tool(call.name);
  if (whole !== undefined || !list.hasPaths) return whole;
  for (const { named, real } of touched ?? []) {
    const rule =
      list.path(tool.name, tool.kind, real, roots) ?? list.path(tool.name, tool.kind, named, roots);
    if (rule !== undefined) return rule;
  }
  return undefined;
}

/** A rule of the user's names this very path for this tool. */
export function isNamed({ tool, roots, rules }: Looked, { real }: Touched): boolean {
  return rules.allow.path(tool.name, tool.kind, real, roots) !== undefined;
}

/** A rule of those that together allow every path of the call. */
export function ruleAllowingAll({ tool, touched, roots, rules }: Looked): string | undefined {
  if (!touched || touched.length === 0) return undefined;
  const found = touched.map(({ real }) => rules.allow.path(tool.name, tool.kind, real, roots));
  return found.every((rule) => rule !== undefined) ? found[0] : undefined;
}

/** What the call touches that may hold secrets, unless a rule of the user's names it. */
export function secretOf(looked: Looked): Touched | undefined {
  return looked.touched?.find((one) => isSecret(one) && !isNamed(looked, one));
}

/** Why an edit asks in every mode: what it touches is protected, and no rule of the user's names it. */
export function whyGuarded(looked: Looked): string | undefined {
  const { touched = [], roots, own, hookFiles, call } = looked;
  for (const one of touched) {
    if (isNamed(looked, one)) continue;
    if (own.some((folder) => lies(one.real, folder)))
      return `${one.real} is protected: Victor keeps your settings and decisions there.`;
    if (hookFiles.includes(one.real)) return `${one.real} is protected: a hook that you confirmed runs it.`;
    const why =
      whyProtected(one.real, roots) ?? whyProtected(one.named, roots) ?? whyPackageAsks(one.real, call.input);
    if (why !== undefined) return why;
  }
  return undefined;
}
