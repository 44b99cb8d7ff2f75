import type * as contract from '../core/coordinator.js';
import type { Approval, Decision } from '../core/decision.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import type { ToolCall } from '../core/message.js';
import type { Tool } from '../core/tool.js';
import { shellCommandOf, toolPaths } from '../core/tool-paths.js';
import { toolTitle } from '../core/tool-title.js';
import { untilAborted } from '../core/until-aborted.js';
import {
  onlyReads,
  outsidePath,
  ruleAgainst,
  type ShellCall,
  secretIn,
  shellAllowance,
} from '../permissions/judge-shell.js';
import { whyPackageAsks, whyProtected } from '../permissions/protected-path.js';
import type { RuleList } from '../permissions/rule-list.js';
import { type CompiledRules, type PermissionRules, rulesOf } from '../permissions/rules.js';
import { scriptHash } from '../permissions/script-hash.js';
import { isSecret, type Touched, Workspace } from '../permissions/workspace.js';
import { classifyCommand } from '../shell/classify.js';

export type { PermissionRules } from '../permissions/rules.js';

export interface ApprovalRequest {
  readonly call: ToolCall;
  /** The call in a few words: the whole command, the path. */
  readonly title: string;
  readonly decision: Decision;
  readonly sessionId: string;
  readonly signal: AbortSignal;
}

export interface PermissionCoordinatorOptions {
  readonly rules: PermissionRules;
  readonly modes: Pick<contract.ModeCoordinator, 'allows' | 'current'>;
  readonly findTool: (name: string, sessionId: string) => Tool | undefined;
  /** Absolute paths whose content may be read without asking; the first is where relative paths start. */
  readonly directories: readonly string[];
  /** Where tools keep what was too long to return; a session may read its own part of it. */
  readonly outputDirectory?: string;
  /** Asks the user; without it an `ask` is a refusal. */
  readonly onApproval?: ((request: ApprovalRequest) => Promise<Approval>) | undefined;
}

const nobodyToAsk: Approval = { allowed: false, scope: 'once' };

/** One call with what was found out about it, so that nothing is looked up twice. */
interface Looked {
  readonly tool: Tool;
  readonly call: ToolCall;
  readonly sessionId: string;
  /** `undefined`: the tool does not say. */
  readonly touched: readonly Touched[] | undefined;
  readonly roots: readonly string[];
  readonly rules: CompiledRules;
  readonly session: CompiledRules;
}

/**
 * Decides one tool call: deny rules and secrets, then the mode's refusals, then ask rules and protected paths, then
 * what leaves the workspace, then what allows.
 */
export class PermissionCoordinator
  implements contract.PermissionCoordinator, contract.Configurable<PermissionCoordinatorOptions>
{
  readonly #options: LiveOptions<PermissionCoordinatorOptions>;
  readonly #workspace = new Workspace();
  readonly #approved = new Map<string, Set<string>>();
  readonly #sessionRules = new Map<string, Partial<PermissionRules>>();

  constructor(options: PermissionCoordinatorOptions) {
    // A rule that nobody can read, from a flag for example, is said before anything runs.
    rulesOf(options.rules);
    this.#options = new LiveOptions(options);
  }

  /** What the user allowed for a session stays allowed, unless a rule denies it now. */
  configure(change: Partial<PermissionCoordinatorOptions>, running?: RunningTurns): void {
    this.#options.configure(change, running);
  }

  restrict({ ask, deny }: Pick<PermissionRules, 'ask' | 'deny'>, sessionId: string): void {
    this.#sessionRules.set(sessionId, { ask, deny });
  }

  async decide(call: ToolCall, sessionId: string): Promise<Decision> {
    const tool = this.#options.of(sessionId).findTool(call.name, sessionId);
    // Nothing would run: the tool coordinator answers the model that there is no such tool.
    if (!tool) return { verdict: 'allow', reason: `There is no tool ${call.name}.` };
    const looked = this.#look(tool, call, sessionId);
    const command = shellCommandOf(tool, call);
    const decision =
      command === undefined
        ? this.#decide(looked)
        : this.#decideShell(looked, this.#shellCall(looked, command));
    if (decision.verdict !== 'ask') return decision;
    if (this.#approved.get(sessionId)?.has(this.#approvalKey(looked)))
      return { verdict: 'allow', reason: 'You allowed this for the session.' };
    return this.#mayRead(looked) ? { ...decision, readable: true } : decision;
  }

  #look(tool: Tool, call: ToolCall, sessionId: string): Looked {
    const { rules, directories, outputDirectory } = this.#options.of(sessionId);
    const where = { directories, outputDirectory, sessionId };
    const touched = toolPaths(tool, call)
      ?.filter((path) => !path.includes('\0')) // The tool itself refuses it with a clear message.
      .map((path) => this.#workspace.touch(path, tool.kind, where));
    const session = rulesOf(this.#sessionRules.get(sessionId) ?? noRules);
    const roots = this.#workspace.roots(directories);
    return { tool, call, sessionId, touched, roots, rules: rulesOf(rules), session };
  }

  #decide(looked: Looked): Decision {
    const { tool, call, sessionId, touched, rules, session } = looked;
    const denying = ruleOf(rules.deny, looked) ?? ruleOf(session.deny, looked);
    if (denying !== undefined) return { verdict: 'deny', reason: `A rule denies ${denying}.`, rule: denying };
    const secret = touched?.find((one) => isSecret(one) && !this.#names(looked, one));
    if (secret && tool.kind !== 'edit')
      return { verdict: 'deny', reason: `${secret.real} may hold secrets.` };
    const { modes } = this.#options.of(sessionId);
    const mode = modes.allows(tool, sessionId);
    if (mode.verdict === 'deny') return mode;
    const asking = ruleOf(rules.ask, looked) ?? ruleOf(session.ask, looked);
    if (asking !== undefined)
      return { verdict: 'ask', reason: `A rule asks before ${asking}.`, rule: asking };
    if (secret) return { verdict: 'ask', reason: `${secret.real} may hold secrets.` };
    const guarded = tool.kind === 'edit' ? this.#whyGuarded(looked) : undefined;
    if (guarded !== undefined) return { verdict: 'ask', reason: guarded };
    if (modes.current(sessionId) === 'yolo') return mode;
    if (touched === undefined)
      return { verdict: 'ask', reason: `Nobody can tell what ${tool.name} would touch.` };
    const outside = touched.find((one) => !one.inside && !this.#names(looked, one));
    if (outside) return { verdict: 'ask', reason: `${outside.real} is outside the workspace.` };
    const allowing = rules.allow.tool(call.name) ?? this.#allowingAll(looked);
    if (allowing !== undefined)
      return { verdict: 'allow', reason: `A rule allows ${allowing}.`, rule: allowing };
    return mode;
  }

  #decideShell(looked: Looked, shell: ShellCall): Decision {
    const { tool, call, sessionId, rules, session } = looked;
    const against = (name: 'ask' | 'deny') =>
      rules[name].tool(call.name) ??
      session[name].tool(call.name) ??
      ruleAgainst(rules[name], shell) ??
      ruleAgainst(session[name], shell);
    const denying = against('deny');
    if (denying !== undefined) return { verdict: 'deny', reason: `A rule denies ${denying}.`, rule: denying };
    const secret = secretIn(shell, rules.allow);
    if (secret !== undefined) return { verdict: 'deny', reason: secret };
    const { modes } = this.#options.of(sessionId);
    const mode = modes.allows(tool, sessionId);
    const reading = onlyReads(shell, rules.allow) && modes.allows(readingTool, sessionId).verdict === 'allow';
    if (mode.verdict === 'deny' && !reading) return mode;
    const asking = against('ask');
    if (asking !== undefined)
      return { verdict: 'ask', reason: `A rule asks before ${asking}.`, rule: asking };
    if (modes.current(sessionId) === 'yolo') return mode;
    const allowed = rules.allow.tool(call.name);
    if (allowed !== undefined && mode.verdict !== 'deny')
      return { verdict: 'allow', reason: `A rule allows ${allowed}.`, rule: allowed };
    if (reading) return { verdict: 'allow', reason: shell.verdict.reason };
    const allowing = shellAllowance(shell, rules.allow);
    if (allowing) return allowing;
    const outside = outsidePath(shell);
    return outside === undefined ? mode : { verdict: 'ask', reason: `${outside} is outside the workspace.` };
  }

  #shellCall({ sessionId, roots }: Looked, text: string): ShellCall {
    const { directories, outputDirectory } = this.#options.of(sessionId);
    const where = { directories, outputDirectory, sessionId };
    const verdict = classifyCommand(text);
    const parts = verdict.commands.map((command) => ({
      command,
      touched: command.paths.map((path) => this.#workspace.touch(path, 'read', where)),
    }));
    return { text, verdict, parts, roots };
  }

  async ask(call: ToolCall, decision: Decision, sessionId: string, signal: AbortSignal): Promise<Approval> {
    const { onApproval, findTool } = this.#options.of(sessionId);
    const tool = findTool(call.name, sessionId);
    if (!onApproval || !tool) return nobodyToAsk;
    const title = toolTitle(tool, call);
    // What is approved is what was there when it was asked for.
    const key = this.#approvalKey(this.#look(tool, call, sessionId));
    const asked = (async () => onApproval({ call, title, decision, sessionId, signal }))();
    // An abort answers for a user who has not; so does a handler that fails or answers nonsense.
    const answer: Approval | undefined = await untilAborted(asked, signal).catch(() => undefined);
    const approval = answer?.allowed === true || answer?.feedback !== undefined ? answer : nobodyToAsk;
    if (approval.allowed && approval.scope === 'session') {
      const approved = this.#approved.get(sessionId) ?? new Set();
      this.#approved.set(sessionId, approved.add(key));
    }
    return approval;
  }

  /** A rule of the user's names this very path for this tool. */
  #names({ tool, roots, rules }: Looked, { real }: Touched): boolean {
    return rules.allow.path(tool.name, tool.kind, real, roots) !== undefined;
  }

  #allowingAll({ tool, touched, roots, rules }: Looked): string | undefined {
    if (!touched || touched.length === 0) return undefined;
    const found = touched.map(({ real }) => rules.allow.path(tool.name, tool.kind, real, roots));
    return found.every((rule) => rule !== undefined) ? found[0] : undefined;
  }

  #whyGuarded(looked: Looked): string | undefined {
    const { touched = [], roots, call } = looked;
    for (const one of touched) {
      if (this.#names(looked, one)) continue;
      const why =
        whyProtected(one.real, roots) ??
        whyProtected(one.named, roots) ??
        whyPackageAsks(one.real, call.input);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  /** What the call touches lies in the workspace, and nothing stands between the session and reading there. */
  #mayRead({ touched, sessionId, rules, session }: Looked): boolean {
    if (!touched?.every((one) => one.inside && !isSecret(one))) return false;
    const { findTool } = this.#options.of(sessionId);
    return [rules, session].every(({ ask, deny }) =>
      [ask, deny].every(
        (list) =>
          !list.hasPaths && [...list.tools].every((name) => findTool(name, sessionId)?.kind !== 'read'),
      ),
    );
  }

  /**
   * What a session approval covers: exactly this command, with the scripts it runs as they are now; edits of what is not
   * protected inside the workspace; else exactly this path.
   */
  #approvalKey(looked: Looked): string {
    const { tool, call, sessionId, touched } = looked;
    const exact = `${tool.name}\n${toolTitle(tool, call)}`;
    if (tool.kind === 'execute')
      return `${exact}\n${scriptHash(toolTitle(tool, call), this.#options.of(sessionId).directories[0]!)}`;
    const inside = touched?.every((one) => one.inside && !isSecret(one));
    return inside && (tool.kind !== 'edit' || this.#whyGuarded(looked) === undefined) ? tool.name : exact;
  }
}

const noRules = {};
/** Stands for any tool that reads, where a command is found to do no more. */
const readingTool = { name: 'Bash', kind: 'read' } as const;

function ruleOf(list: RuleList, { tool, call, touched, roots }: Looked): string | undefined {
  const whole = list.tool(call.name);
  if (whole !== undefined || !list.hasPaths) return whole;
  for (const { named, real } of touched ?? []) {
    const rule =
      list.path(tool.name, tool.kind, real, roots) ?? list.path(tool.name, tool.kind, named, roots);
    if (rule !== undefined) return rule;
  }
  return undefined;
}
