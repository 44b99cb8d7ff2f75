import { resolve } from 'node:path';
import type { ApprovalStore } from '../core/approval-store.js';
import type * as contract from '../core/coordinator.js';
import type { Approval, Decision } from '../core/decision.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import type { ToolCall } from '../core/message.js';
import type { Tool } from '../core/tool.js';
import { hostAsked, planOf, questionOf, shellCommandOf, toolPaths } from '../core/tool-paths.js';
import { toolTitle } from '../core/tool-title.js';
import { untilAborted } from '../core/until-aborted.js';
import { coveredBy, type SessionApproval } from '../permissions/approval-key.js';
import {
  onlyReads,
  outsidePath,
  ruleAgainst,
  ruleAround,
  type ShellCall,
  secretIn,
  shellAllowance,
} from '../permissions/judge-shell.js';
import {
  isNamed,
  type Looked,
  ruleAllowingAll,
  ruleOf,
  secretOf,
  whyGuarded,
} from '../permissions/looked.js';
import { foldersOf, pathsIn } from '../permissions/named-words.js';
import { RememberedApprovals } from '../permissions/remembered-approvals.js';
import type { RuleList } from '../permissions/rule-list.js';
import { type CompiledRules, type PermissionRules, rulesOf } from '../permissions/rules.js';
import { isSecret, Workspace, whyOutside } from '../permissions/workspace.js';
import { classifyCommand } from '../shell/classify.js';

export type { PermissionRules } from '../permissions/rules.js';

export interface ApprovalRequest {
  readonly call: ToolCall;
  /** The call in a few words: the whole command, the path. */
  readonly title: string;
  readonly decision: Decision;
  /** How long an approval may hold, shortest first; one that is given for longer holds for the longest of these. */
  readonly scopes: readonly Approval['scope'][];
  /** What an approval for longer than once will cover, in words; only for the `scopes` it may have. */
  readonly covers?: { readonly session?: string; readonly project?: string };
  /** Calls of the same message that would be asked about next for the same reason; a yes for once may be for them `together`. */
  readonly behind?: readonly ToolCall[];
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
  /** Where Victor keeps settings and what the user decided: an edit there asks in every mode. */
  readonly ownDirectories?: readonly string[] | undefined;
  /** Real paths of what hooks of a project run: an edit there asks in every mode. */
  readonly hookFiles?: readonly string[] | undefined;
  /** Asks the user; without it an `ask` is a refusal. */
  readonly onApproval?: ((request: ApprovalRequest) => Promise<Approval>) | undefined;
  /** What is allowed for every session in this folder; in memory when absent. Not replaced by `configure`. */
  readonly approvals?: ApprovalStore | undefined;
  /** An approval for the project could not be kept, and holds for the session. */
  readonly onNotKept?: ((why: string, sessionId: string) => void) | undefined;
}

const nobodyToAsk: Approval = { allowed: false, scope: 'once' };

/**
 * Decides one tool call: deny rules and secrets, then the mode's refusals, then ask rules and protected paths, then
 * what leaves the workspace, then what allows.
 */
export class PermissionCoordinator
  implements contract.PermissionCoordinator, contract.Configurable<PermissionCoordinatorOptions>
{
  readonly #options: LiveOptions<PermissionCoordinatorOptions>;
  readonly #workspace = new Workspace();
  readonly #approved: RememberedApprovals;
  readonly #sessionRules = new Map<string, Partial<PermissionRules>>();

  constructor(options: PermissionCoordinatorOptions) {
    // A rule that nobody can read, from a flag for example, is said before anything runs.
    rulesOf(options.rules);
    this.#options = new LiveOptions(options);
    this.#approved = new RememberedApprovals(options.approvals);
  }

  /** What the user allowed for longer than a call stays allowed, unless a rule denies it now. */
  configure(change: Partial<PermissionCoordinatorOptions>, running?: RunningTurns): void {
    this.#options.configure(change, running);
  }

  restrict({ ask, deny }: Pick<PermissionRules, 'ask' | 'deny'>, sessionId: string): void {
    this.#sessionRules.set(sessionId, { ask, deny });
  }

  /** What the user allowed for this session. */
  sessionApprovals(sessionId: string): readonly SessionApproval[] {
    return this.#approved.ofSession(sessionId);
  }

  hides(path: string, sessionId: string): boolean {
    const { rules, directories } = this.#options.of(sessionId);
    const session = rulesOf(this.#sessionRules.get(sessionId) ?? noRules);
    const roots = this.#workspace.roots(directories);
    const rule = keptBack(rulesOf(rules), session, (list) => list.path('Read', 'read', path, roots));
    return rule !== undefined;
  }

  namesHost(host: string, sessionId: string): boolean {
    const { rules } = this.#options.of(sessionId);
    return rulesOf(rules).allow.host(host) !== undefined;
  }

  async decide(call: ToolCall, sessionId: string): Promise<Decision> {
    const tool = this.#options.of(sessionId).findTool(call.name, sessionId);
    // Nothing would run: the tool coordinator answers the model that there is no such tool.
    if (!tool) return { verdict: 'allow', reason: `There is no tool ${call.name}.` };
    const looked = this.#look(tool, call, sessionId);
    const leadsTo = looked.touched?.map(({ real }) => real);
    return { ...this.#judge(looked), ...(leadsTo === undefined ? {} : { leadsTo }) };
  }

  #judge(looked: Looked): Decision {
    const { tool, call, sessionId } = looked;
    const command = shellCommandOf(tool, call);
    const host = hostAsked(tool, call);
    const decision =
      command !== undefined
        ? this.#decideShell(looked, this.#shellCall(looked, command))
        : this.#decide(looked, host);
    // A plan is asked about each time, and so is what the model asks, whatever was allowed before.
    if (decision.verdict !== 'ask' || decision.plan !== undefined || decision.question) return decision;
    const before = this.#approved.answer(coveredBy(looked), decision, sessionId);
    if (before) return before;
    return this.#mayRead(looked) ? { ...decision, readable: true } : decision;
  }

  #look(tool: Tool, call: ToolCall, sessionId: string): Looked {
    const {
      rules,
      directories,
      outputDirectory,
      ownDirectories,
      hookFiles = [],
    } = this.#options.of(sessionId);
    const where = { directories, outputDirectory, sessionId };
    const touched = toolPaths(tool, call)
      ?.filter((path) => !path.includes('\0')) // The tool itself refuses it with a clear message.
      .map((path) => this.#workspace.touch(path, tool.kind, where));
    const session = rulesOf(this.#sessionRules.get(sessionId) ?? noRules);
    const roots = this.#workspace.roots(directories);
    const own = this.#workspace.roots(ownDirectories ?? []);
    return { tool, call, sessionId, touched, roots, own, hookFiles, rules: rulesOf(rules), session };
  }

  #decide(looked: Looked, host: string | undefined): Decision {
    const { tool, call, sessionId, touched, rules, session } = looked;
    const of = (list: RuleList) => ruleOf(list, looked) ?? ((host && list.host(host)) || undefined);
    const denying = of(rules.deny) ?? of(session.deny);
    if (denying !== undefined) return { verdict: 'deny', reason: `A rule denies ${denying}.`, rule: denying };
    const secret = secretOf(looked);
    if (secret && tool.kind !== 'edit')
      return { verdict: 'deny', reason: `${secret.real} may hold secrets.`, cause: 'secret-file' };
    const { modes } = this.#options.of(sessionId);
    const plan = planOf(tool, call);
    // Of a tool whose plan cannot be read only its kind is left.
    const { name, kind } = tool;
    const mode = modes.allows(plan === undefined ? { name, kind } : tool, sessionId);
    if (mode.verdict === 'deny') return mode;
    // No rule answers for the user about a plan.
    if (plan !== undefined && modes.current(sessionId) === 'plan') return { ...mode, plan };
    const question = questionOf(tool, call);
    if (question) return { verdict: 'ask', reason: 'Only you can answer.', question };
    const asking = of(rules.ask) ?? of(session.ask);
    if (asking !== undefined)
      return { verdict: 'ask', reason: `A rule asks before ${asking}.`, rule: asking };
    if (secret) return { verdict: 'ask', reason: `${secret.real} may hold secrets.` };
    const guarded = tool.kind === 'edit' ? whyGuarded(looked) : undefined;
    if (guarded !== undefined) return { verdict: 'ask', reason: guarded };
    const around = tool.showsContents && mayShow(rules, session, (list) => list.readingIn('/', looked.roots));
    if (around) return around;
    if (modes.current(sessionId) === 'yolo') return mode;
    if (touched === undefined)
      return { verdict: 'ask', reason: `Nobody can tell what ${tool.name} would touch.` };
    const outside = touched.find((one) => !one.inside && !isNamed(looked, one));
    if (outside) return { verdict: 'ask', reason: whyOutside(outside) };
    const allowing =
      rules.allow.tool(call.name) ?? (host === undefined ? ruleAllowingAll(looked) : rules.allow.host(host));
    if (allowing !== undefined)
      return { verdict: 'allow', reason: `A rule allows ${allowing}.`, rule: allowing };
    if (host !== undefined)
      return { verdict: 'ask', reason: `It asks ${host || 'a host that nobody can tell'}.` };
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
    if (secret !== undefined) return secret;
    const { modes } = this.#options.of(sessionId);
    const mode = modes.allows({ name: tool.name, kind: tool.kind }, sessionId);
    const reading = onlyReads(shell, rules.allow) && modes.allows(readingTool, sessionId).verdict === 'allow';
    if (mode.verdict === 'deny' && !reading) return mode;
    const asking = against('ask');
    if (asking !== undefined)
      return { verdict: 'ask', reason: `A rule asks before ${asking}.`, rule: asking };
    const around = mayShow(rules, session, (list) => ruleAround(list, shell));
    if (around !== undefined) return around;
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
    const { commands } = verdict;
    const touch = (path: string) => this.#workspace.touch(path, 'read', where);
    // What only reads stays where it is, and of guesses nothing more is known than their text.
    const isCertain = verdict.verdict === 'allow' || !verdict.exact;
    const folders = isCertain ? [directories[0]!] : foldersOf(commands, directories[0]!);
    const named = isCertain ? [] : folders && pathsIn(commands, folders);
    const parts = commands.map((command) => ({
      command,
      touched: command.paths.flatMap((path) =>
        (folders ?? [directories[0]!]).map((folder) => touch(resolve(folder, path))),
      ),
    }));
    return { text, verdict, parts, words: named?.map(touch), roots };
  }

  async ask(
    call: ToolCall,
    decision: Decision,
    sessionId: string,
    signal: AbortSignal,
    behind: readonly ToolCall[] = [],
  ): Promise<Approval> {
    const { onApproval, onNotKept, findTool } = this.#options.of(sessionId);
    const tool = findTool(call.name, sessionId);
    if (!onApproval || !tool) return nobodyToAsk;
    const title = toolTitle(tool, call);
    // What is approved is what was there when it was asked for.
    const covered = coveredBy(this.#look(tool, call, sessionId));
    const scopes = this.#approved.scopes(covered, decision);
    const covers = {
      ...(scopes.includes('session') ? { session: covered.sessionWords } : {}),
      ...(scopes.includes('project') ? { project: covered.projectWords } : {}),
    };
    const question = { call, title, decision, scopes, covers, sessionId, signal };
    const asked = (async () => onApproval(behind.length > 0 ? { ...question, behind } : question))();
    // An abort answers for a user who has not; so does a handler that fails or answers nonsense.
    const answer: Approval | undefined = await untilAborted(asked, signal).catch(() => undefined);
    const approval = answer?.allowed === true || answer?.feedback !== undefined ? answer : nobodyToAsk;
    if (!approval.allowed) return approval;
    // Something else may have changed a script, or a server its tool, while the user was reading.
    if (coveredBy(this.#look(tool, call, sessionId)).session !== covered.session) {
      const reason = decision.reason.endsWith(changedMeanwhile)
        ? decision.reason
        : `${decision.reason} ${changedMeanwhile}`;
      return this.ask(call, { ...decision, reason }, sessionId, signal, behind);
    }
    if (decision.plan !== undefined || decision.question) return { ...approval, scope: 'once' };
    const { scope, failure } = this.#approved.remember(approval.scope, covered, decision, sessionId);
    if (failure !== undefined) onNotKept?.(failure, sessionId);
    return { ...approval, scope };
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
}

/** What keeps something back: the rules that deny, then those that ask, of the settings and of the session. */
function keptBack(
  rules: CompiledRules,
  session: CompiledRules,
  find: (list: RuleList) => string | undefined,
): string | undefined {
  return find(rules.deny) ?? find(session.deny) ?? find(rules.ask) ?? find(session.ask);
}

/** Asks, because what a rule keeps back may be shown, though nobody named it. */
function mayShow(
  rules: CompiledRules,
  session: CompiledRules,
  find: (list: RuleList) => string | undefined,
): Decision | undefined {
  const denying = find(rules.deny) ?? find(session.deny);
  const rule = denying ?? keptBack(rules, session, find);
  if (rule === undefined) return undefined;
  const reason = `It may show what ${rule} keeps back.`;
  return { verdict: 'ask', reason, rule, ...(denying === undefined ? {} : { denies: true }) };
}

const changedMeanwhile = 'What it runs has changed while you were asked.';
const noRules = {};
/** Stands for any tool that reads, where a command is found to do no more. */
const readingTool = { name: 'Bash', kind: 'read' } as const;
